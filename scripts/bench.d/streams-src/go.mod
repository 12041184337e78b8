module upstreamreset/bench

go 1.24
