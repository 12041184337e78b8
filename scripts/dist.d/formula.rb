class UpstreamReset < Formula
  desc "Find the cause of Envoy's \"upstream connect error\" in Istio"
  homepage "https://github.com/@REPOSITORY@"
  version "@VERSION@"
  license "Apache-2.0"

@PLATFORMS@

  def install
    libexec.install Dir["*"]
    bin.install_symlink Dir[libexec/"bin/*"]
    bash_completion.install libexec/"completions/upstream-reset.bash" => "upstream-reset"
    zsh_completion.install libexec/"completions/_upstream-reset"
    fish_completion.install libexec/"completions/upstream-reset.fish"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/upstream-reset --version")
    assert_match "duplicate-transfer-encoding",
      shell_output("#{bin}/upstream-reset explain 'GET / 502 UPE upstream_reset_before_response_started{protocol_error}'", 1)
  end
end
