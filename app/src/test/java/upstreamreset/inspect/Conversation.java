// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** One keep-alive connection as a capture shows it, with what each of its exchanges is: made by chance, from a seed. */
final class Conversation extends PacketTalk {
    /** Where a request and its response stand in what their senders send. */
    record Exchange(String target, boolean wrong, int ask, int askEnd, int answer, int answerEnd) {}

    final List<Exchange> exchanges = new ArrayList<>();
    final boolean pipelined;

    /** {@code wrong} says whether one of its responses has a fault: Transfer-Encoding twice. */
    Conversation(Random random, boolean pipelined, boolean wrong) {
        super(random);
        this.pipelined = pipelined;
        int count = 3 + random.nextInt(8);
        int fault = wrong ? random.nextInt(count) : -1;
        while (exchanges.size() < count) {
            if (pipelined && random.nextBoolean()) {
                batch(Math.min(count - exchanges.size(), 2 + random.nextInt(3)), fault);
            } else {
                exchange(exchanges.size(), exchanges.size() == fault);
            }
        }
        close();
    }

    private static String target(int number) {
        return "/" + number;
    }

    private void batch(int count, int fault) {
        int first = exchanges.size();
        var ask = new StringBuilder();
        var ends = new int[count];
        for (int i = 0; i < count; i++) {
            ask.append("GET " + target(first + i) + " HTTP/1.1\r\nHost: a\r\n\r\n");
            ends[i] = sentByClient + ask.length();
        }
        int begin = sentByClient;
        if (random.nextBoolean()) {
            send(true, ask.toString());
        } else {
            for (int i = 0, from = 0; i < count; i++) {
                send(true, ask.substring(from, ends[i] - begin));
                from = ends[i] - begin;
            }
        }
        var answer = new StringBuilder();
        for (int i = 0; i < count; i++) {
            int at = sentByServer + answer.length();
            answer.append(response(first + i, "GET", first + i == fault));
            exchanges.add(new Exchange(
                    target(first + i),
                    first + i == fault,
                    i == 0 ? begin : ends[i - 1],
                    ends[i],
                    at,
                    sentByServer + answer.length()));
        }
        if (random.nextBoolean()) {
            send(false, answer.toString());
        } else {
            int base = sentByServer;
            for (var exchange : exchanges.subList(first, exchanges.size())) {
                send(false, answer.substring(exchange.answer - base, exchange.answerEnd - base));
            }
        }
        maybeAck(true);
    }

    private void exchange(int number, boolean wrong) {
        pause(random.nextInt(20) == 0 ? 3_000_000 : random.nextInt(30_000));
        var line = " " + target(number) + " HTTP/1.1\r\nHost: a\r\n";
        int ask = sentByClient;
        int answer = sentByServer;
        var method = "GET";
        switch (random.nextInt(6)) {
            case 0 -> {
                method = "POST";
                var body = "b".repeat(1 + random.nextInt(3_000));
                send(true, "POST" + line + "Content-Length: " + body.length() + "\r\n\r\n" + body);
            }
            case 1 -> {
                method = "POST";
                send(true, "POST" + line + "Transfer-Encoding: chunked\r\n\r\n" + chunks());
            }
            case 2 -> {
                method = "PUT";
                send(true, "PUT" + line + "Expect: 100-continue\r\nContent-Length: 700\r\n\r\n");
                if (random.nextBoolean()) {
                    send(false, "HTTP/1.1 100 Continue\r\n\r\n");
                }
                send(true, "u".repeat(700));
            }
            case 3 -> {
                method = wrong ? "GET" : "HEAD";
                send(true, method + line + "\r\n");
            }
            default ->
                send(
                        true,
                        "GET" + line + (random.nextInt(4) == 0 ? "Cookie: " + "c".repeat(2_000) + "\r\n" : "")
                                + "\r\n");
        }
        maybeAck(false);
        int askEnd = sentByClient;
        pause(random.nextInt(5_000));
        send(false, response(number, method, wrong));
        maybeAck(true);
        exchanges.add(new Exchange(target(number), wrong, ask, askEnd, answer, sentByServer));
    }

    private String response(int number, String method, boolean wrong) {
        if (wrong) {
            return "HTTP/1.1 200 OK\r\nX-N: " + number
                    + "\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
        }
        var head = "\r\nX-N: " + number + "\r\n";
        if (method.equals("HEAD")) {
            return "HTTP/1.1 200 OK" + head + "Content-Length: " + random.nextInt(5_000) + "\r\n\r\n";
        }
        return switch (random.nextInt(8)) {
            case 0 -> "HTTP/1.1 204 No Content" + head + "\r\n";
            case 1 -> "HTTP/1.1 304 Not Modified" + head + "ETag: \"a\"\r\n\r\n";
            case 2, 3 -> "HTTP/1.1 200 OK" + head + "Transfer-Encoding: chunked\r\n\r\n" + chunks();
            case 4 -> "HTTP/1.1 404 Not Found" + head + "Content-Length: 0\r\n\r\n";
            default -> {
                int length = random.nextInt(random.nextBoolean() ? 40 : 9_000);
                yield "HTTP/1.1 200 OK" + head + "Content-Length: " + length + "\r\n\r\n" + "r".repeat(length);
            }
        };
    }

    private String chunks() {
        var all = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            int length = 1 + random.nextInt(random.nextBoolean() ? 20 : 2_500);
            all.append(Integer.toHexString(length))
                    .append("\r\n")
                    .append("d".repeat(length))
                    .append("\r\n");
        }
        return all + "0\r\n" + (random.nextInt(4) == 0 ? "X-T: 1\r\n" : "") + "\r\n";
    }
}
