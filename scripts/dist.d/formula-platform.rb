  on_@SYSTEM@ do
    on_@CPU@ do
      url "@URI@"
      sha256 "@SHA256@"
    end
  end
