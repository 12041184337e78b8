# Rack on puma: the cases, and before and after each recipe.
require 'net/http'

UPSTREAM = ENV.fetch('UPSTREAM')
CHUNKED = { 'Transfer-Encoding' => 'chunked' }.freeze
TEXT = 'déjà vu'.dup.force_encoding('UTF-8').freeze

CASES = {
  '/ok' => [200, { 'Content-Type' => 'text/plain' }, ['hi']],
  '/stream' => [200, { 'Content-Type' => 'text/plain' }, ['hello, ', 'world']],
  '/te' => [200, CHUNKED, ['hello, ', 'world']],
  '/te-small' => [200, CHUNKED, ['hi']],
  '/te-cap' => [200, { 'Transfer-Encoding' => 'Chunked' }, ['hello, ', 'world']],
  '/te-cl' => [200, CHUNKED.merge('Content-Length' => '2'), ['hi']],
  '/te-gzip' => [200, { 'Transfer-Encoding' => 'gzip, chunked' }, ['hello, ', 'world']],
  '/204-te' => [204, CHUNKED, []],
  '/204-cl' => [204, { 'Content-Length' => '2' }, []],
  '/cl-short' => [200, { 'Content-Length' => '9' }, ['hi']],
  '/cl-long' => [200, { 'Content-Length' => '1' }, ['hi']],
  '/cl2' => [200, { 'Content-Length' => "2\n2" }, ['hi']]
}.freeze

def copy_before
  answer = Net::HTTP.get_response(URI("#{UPSTREAM}/chunked"))
  [answer.code.to_i, answer.each_header.to_h, [answer.body]]
end

def copy_after
  answer = Net::HTTP.get_response(URI("#{UPSTREAM}/chunked"))
  [answer.code.to_i, { 'content-type' => answer.content_type }, [answer.body]]
end

def no_content_before
  answer = Net::HTTP.get_response(URI("#{UPSTREAM}/chunked"))
  [204, answer.each_header.to_h, []]
end

def no_content_after
  Net::HTTP.get_response(URI("#{UPSTREAM}/chunked"))
  [204, {}, []]
end

def length_before
  [200, { 'content-length' => TEXT.length.to_s }, [TEXT]]
end

def length_after
  [200, { 'content-length' => TEXT.bytesize.to_s }, [TEXT]]
end

run(lambda do |env|
  path = env['PATH_INFO']
  CASES[path] || send(path.delete_prefix('/').tr('/-', '_'))
end)
