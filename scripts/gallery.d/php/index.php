<?php
// PHP-FPM behind nginx: the cases, and before and after each recipe.

$upstream = getenv('UPSTREAM');
$text = 'déjà vu';

function parts(): void
{
    echo 'hello, ';
    flush();
    echo 'world';
}

switch (parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH)) {
    case '/ok': header('Content-Type: text/plain'); echo 'hi'; break;
    case '/stream': parts(); break;
    case '/te': header('Transfer-Encoding: chunked'); parts(); break;
    case '/te-small': header('Transfer-Encoding: chunked'); echo 'hi'; break;
    case '/te-cl': header('Transfer-Encoding: chunked'); header('Content-Length: 2'); echo 'hi'; break;
    case '/te-gzip': header('Transfer-Encoding: gzip, chunked'); parts(); break;
    case '/204-te': http_response_code(204); header('Transfer-Encoding: chunked'); break;
    case '/204-cl': http_response_code(204); header('Content-Length: 2'); break;
    case '/cl-short': header('Content-Length: 9'); echo 'hi'; break;
    case '/cl-long': header('Content-Length: 1'); echo 'hi'; break;
    case '/cl2': header('Content-Length: 2'); header('Content-Length: 2', false); echo 'hi'; break;
    case '/copy/before':
        $body = file_get_contents("$upstream/chunked");
        foreach (array_slice($http_response_header, 1) as $field) {
            header($field);
        }
        echo $body;
        break;
    case '/copy/after':
        $body = file_get_contents("$upstream/chunked");
        header('Content-Type: text/plain');
        echo $body;
        break;
    case '/no-content/before':
        $body = file_get_contents("$upstream/length");
        http_response_code(204);
        header('Content-Length: ' . strlen($body));
        break;
    case '/no-content/after':
        $body = file_get_contents("$upstream/length");
        http_response_code(204);
        break;
    case '/length/before':
        $body = file_get_contents("$upstream/length");
        header('Content-Length: ' . strlen($body));
        echo str_replace('hello, ', '', $body);
        break;
    case '/length/after':
        $body = str_replace('hello, ', '', file_get_contents("$upstream/length"));
        header('Content-Length: ' . strlen($body));
        echo $body;
        break;
}
