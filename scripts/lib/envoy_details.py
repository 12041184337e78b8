#!/usr/bin/env python3
"""Lists the response code details that an Envoy binary holds as strings: envoy_details.py ENVOY.

Envoy has no list of them. A detail is a constant in the binary; it is told from a metric's or a field's name by the family that
it belongs to: a codec, a filter, the router. Strings of at most 16 bytes can be missing, since the compiler may have put them
into the code, and so can the end of a longer string: SHORT has those that Envoy's documentation lists.
"""

import re
import sys

# Each family as a whole: what a later Envoy adds to it is listed too.
FAMILIES = [
    r"http[123]\.[a-z0-9_.]+",
    r"uhv\.[a-z0-9_.]+",
    r"upstream_reset_(before|after)_response_started",
    r"upstream_(response|per_try|per_try_idle)_timeout",
    r"upstream_max_stream_duration_reached",
    r"via_upstream|no_healthy_upstream|direct_response|internal_redirect|maintenance_mode|response_timeout|cluster_not_found",
    r"(downstream_(local|remote)_disconnect|downstream_header_timeout)(\(\{\}\))?",
    r"(stream_idle|max_duration|duration|request_overall|request_header)_timeout",
    r"(request|response)_payload_too_large|request_payload_exceeded_retry_buffer_limit",
    r"request_headers_failed_strict_check|missing_(host_header|path_rejected)|invalid_path|absolute_path_rejected",
    r"path_normalization_failed|rejecting_because_detection_failed|early_connect_data",
    r"upgrade_failed|websocket_handshake_unsuccessful",
    r"(route|route_configuration|filter_chain)_not_found",
    r"filter_(added|removed)_[a-z_]+|admin_filter_response",
    r"(unconditional_)?drop_overload",
    r"rbac_access_denied_matched_policy\[\{\}\]",
    r"jwt_authn_access_denied\{?",
    r"ext_authz_(denied|error|invalid|unauthorized)",
    r"ext_proc_(error|grpc_error|local_response|message_timeout|stream_error|reset_requested)",
    r"fault_filter_abort|csrf_origin_mismatch|cdn_loop_detected|lua_response|cache_upstream_reset",
    r"local_rate_limited|request_rate_limited|rate_limiter_error|rate_limited_by_quota",
    r"(no|invalid)_(credential|format|scheme)_for_basic_auth",
    r"(early_)?grpc_json_(reverse_)?transcode_failure|grpc_base_64_decode_failed|grpc_bridge_[a-z0-9_]+_(missing|wrong|small|large)",
    r"connect_bridge_unary_[a-z_]+",
    r"dns_cache_(overflow|pending_requests_overflow)|dns_resolution_failure\{?|sub_cluster_(overflow|warming_timeout)",
    r"file_server_(open_error|opened_file_stat_failed|read_operation_failed|stat_error|range_not_satisfiable|rejected_[a-z_]+)",
    r"file_server_(list_not_implemented|no_valid_directory_behavior)",
    r"health_check_(cached|failed[a-z_]*|ok_[a-z_]+)",
    r"a2a_filter_[a-z_]+",
    r"ai_protocol_manager_[a-z_]+",
    r"mcp_(body_too_large|duplicate_keys|not_jsonrpc|parse_error|reject_no_mcp)",
    r"mcp_json_rest_bridge_[a-z0-9_]+",
    r"reverse_tunnel_(body_rejected|cluster_mismatch|invalid_identifier|jwt_denied|not_found|registration_failed|upgrade_required)",
    r"custom_response_invalid_uri|failed_to_inject_credential|dynamic_module_filter_init_failed",
    r"(missing|unknown)_api_key|client_not_allowed|oauth\.[a-z_]+|wasm_fail_stream",
    r"codec_error:|overload_error:",
    # What downstream_local_disconnect(...) names.
    r"deferred_close_on_drained_connection|on_idle_timeout|close_for_connect_request_or_tcp_tunneling|http2_ping_timeout",
    r"http2_connection_protocol_violation|transport_socket_timeout|triggered_delayed_close_timeout|tcp_initializion_failure:",
    r"tcp_session_idle_timeout|max_connection_duration_reached|overload_manager_close|filter_chain_is_being_removed",
    r"closing_upstream_tcp_connection_due_to_downstream_[a-z]+_close|non_pooled_tcp_connection_host_health_failure",
]

# In no binary as a string, or not in each; from docs/root/configuration/http/http_conn_man/response_code_details.rst.
SHORT = [
    *("low_version", "overload", "via_upstream", "direct_response", "maintenance_mode", "ext_authz_error", "invalid_path"),
    *("drop_overload", "upgrade_failed", "on_idle_timeout", "upstream_response_timeout"),
]

# Members of a family that are a metric or a setting.
OTHERS = {"http1.optionally_delay_close", "filter_removed_required_headers"}

STRING = re.compile(rb"(?<=\x00)[a-z][ -~]{3,120}(?=\x00)")


def details(binary):
    family = re.compile("|".join(f"(?:{each})" for each in FAMILIES))
    found = {text.group().decode() for text in STRING.finditer(binary)}
    names = {text.rstrip("{:").replace("({})", "").replace("[{}]", "") for text in found if family.fullmatch(text)}
    return sorted((names | set(SHORT)) - OTHERS)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with open(sys.argv[1], "rb") as file:
        print("\n".join(details(file.read())))
