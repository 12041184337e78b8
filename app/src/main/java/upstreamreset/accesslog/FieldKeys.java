// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Maps the keys of custom log formats to fields. It ignores case, {@code _}, {@code -}, {@code .}, blanks and a leading
 * colon, and knows the shorter names of meshes and vendors.
 */
final class FieldKeys {
    private static final Map<String, LogField> BY_KEY = new HashMap<>();

    /** Names that other programs use too: alone they prove nothing. */
    private static final Set<String> COMMON = Set.of("flags", "flag", "rf", "details", "detail", "status");

    static {
        for (var field : LogField.values()) {
            BY_KEY.put(plain(field.key()), field);
        }
        Table.parse("""
                START_TIME: starttime time timestamp ts start datetime
                METHOD: method requestmethod reqmethod httpmethod mthd verb requestheadersmethod
                PATH: path requestpath reqpath xenvoyoriginpath xenvoyoriginalpath originalpath uri url requesturl requesturi urlpath request fullpath requestline
                PROTOCOL: protocol proto httpversion alpn requestprotocol
                RESPONSE_CODE: responsecode status statuscode code sc rc httpstatus responsestatus responsestatuscode httpcode respcode httpstatuscode
                RESPONSE_FLAGS: responseflags responseflag respflags respflag flags flag rf envoyresponseflags responseflagslong envoyflags
                RESPONSE_CODE_DETAILS: responsecodedetails responsedetails statusdetails codedetails rcd details respcodedetails responsecodedetail detail responsestatusdetails
                CONNECTION_TERMINATION_DETAILS: connectionterminationdetails ctd
                UPSTREAM_TRANSPORT_FAILURE_REASON: upstreamtransportfailurereason utfr transportfailurereason upstreamtransportfailure upstreamfailurereason
                BYTES_RECEIVED: bytesreceived bytesrecv rx requestsize reqbytes requestbytes bytesin
                BYTES_SENT: bytessent tx responsesize respbytes responsebytes bytesout
                DURATION: duration dur latency totaltimems durationms latencyms responsetimems elapsed elapsedms totaltime totalduration requestduration requestdurationms
                UPSTREAM_SERVICE_TIME: upstreamservicetime xenvoyupstreamservicetime ust
                X_FORWARDED_FOR: xforwardedfor xff
                USER_AGENT: useragent ua
                REQUEST_ID: requestid xrequestid envoyrequestid reqid xrid rid
                AUTHORITY: authority host requesthost requestauthority reqhost httphost
                UPSTREAM_HOST: upstreamhost upstreamaddress upstreamremoteaddress upstreamaddr upstream upstreamhostport upstreamip
                UPSTREAM_CLUSTER: upstreamcluster upstreamclusterraw upstreamclustername
                DOWNSTREAM_REMOTE_ADDRESS: downstreamremoteaddress downstreamaddress downstreamaddr clientaddress
                REQUESTED_SERVER_NAME: requestedservername sni
                ROUTE_NAME: routename route
                UPSTREAM_REQUEST_ATTEMPT_COUNT: upstreamrequestattemptcount attemptcount attempts
                """).forEach((name, keys) -> {
            for (var key : keys.split(" ", -1)) {
                BY_KEY.put(key, LogField.valueOf(name));
            }
        });
    }

    private FieldKeys() {}

    /** The field that a key means; of {@code response.flags} the last name, else the last two. */
    static Optional<LogField> of(String path) {
        int last = path.lastIndexOf('.');
        @Nullable LogField field = BY_KEY.get(plain(path.substring(last + 1)));
        int outer = path.lastIndexOf('.', last - 1);
        @Nullable LogField longer = last < 0 ? null : BY_KEY.get(plain(path.substring(outer + 1)));
        return Optional.ofNullable(longer != null ? longer : field);
    }

    /** Whether only Envoy's logs have this key. */
    static boolean isEnvoys(String path) {
        return !COMMON.contains(plain(path.substring(path.lastIndexOf('.') + 1)))
                || plain(path).endsWith("responseflags")
                || plain(path).endsWith("responsedetails");
    }

    static String plain(String key) {
        var plain = new StringBuilder(key.length());
        for (int i = 0; i < key.length(); i++) {
            if (Character.isLetterOrDigit(key.charAt(i))) {
                plain.append(key.charAt(i));
            }
        }
        return plain.toString().toLowerCase(Locale.ROOT);
    }
}
