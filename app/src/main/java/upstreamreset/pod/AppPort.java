// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The examined port of a Pod.
 *
 * @param container empty if no container declares it
 * @param name as the container declares it
 * @param service the Service's port that leads to it
 * @param others the Pod's other candidate ports
 */
public record AppPort(
        int number, Optional<String> container, String name, Optional<ServicePort> service, List<Integer> others) {
    public AppPort {
        others = List.copyOf(others);
    }

    /** The protocol that Istio assumes, by the Service; if no Service names the port, Envoy detects it. */
    public PortProtocol protocol() {
        return service.map(ServicePort::protocol).orElse(PortProtocol.DETECTED);
    }

    /**
     * Chooses it: as {@code wanted}, a number or a name of the Service's or the container's; else that of the named Service; else
     * one that a Service declares as HTTP; else any.
     *
     * @throws IllegalArgumentException where there is none, or none as wanted; the message is one sentence
     */
    public static AppPort choose(
            Pod pod, List<ServicePort> services, Optional<String> wanted, Optional<String> service) {
        var candidates = services.stream()
                .filter(each -> each.target() != 0)
                .sorted(Comparator.comparing((ServicePort each) ->
                                !service.map(each.service()::equals).orElse(false))
                        .thenComparing(
                                each -> each.protocol() == PortProtocol.TLS || each.protocol() == PortProtocol.OTHER)
                        .thenComparing(each -> each.protocol() == PortProtocol.DETECTED))
                .toList();
        var numbers = Stream.concat(
                        candidates.stream().map(ServicePort::target),
                        pod.appPorts().stream().map(Container.Port::number))
                .distinct()
                .toList();
        if (wanted.isPresent()) {
            return of(pod, candidates, number(pod, candidates, numbers, wanted.get()), List.of());
        }
        if (numbers.isEmpty()) {
            throw new IllegalArgumentException(
                    pod.text() + " declares no port, and no Service leads to one; give --port NUMBER");
        }
        return of(pod, candidates, numbers.getFirst(), numbers.subList(1, numbers.size()));
    }

    private static int number(Pod pod, List<ServicePort> candidates, List<Integer> declared, String wanted) {
        if (wanted.matches("\\d{1,5}")) {
            int number = Integer.parseInt(wanted);
            // The Service's own number means the Pod's behind it, unless the Pod has that one too.
            if (declared.contains(number)) {
                return number;
            }
            return candidates.stream()
                    .filter(each -> each.number() == number)
                    .mapToInt(ServicePort::target)
                    .findFirst()
                    .orElse(number);
        }
        return candidates.stream()
                .filter(each -> each.name().equals(wanted))
                .map(ServicePort::target)
                .findFirst()
                .or(() -> pod.appPorts().stream()
                        .filter(each -> each.name().equals(wanted))
                        .map(Container.Port::number)
                        .findFirst())
                .orElseThrow(() -> new IllegalArgumentException(
                        "no port of " + pod.text() + " or of its Services is named '" + wanted + "'"));
    }

    private static AppPort of(Pod pod, List<ServicePort> candidates, int number, List<Integer> others) {
        var declaring = pod.apps().stream()
                .filter(each -> each.ports().stream().anyMatch(port -> port.number() == number))
                .findFirst();
        var name = declaring.stream()
                .flatMap(each -> each.ports().stream())
                .filter(port -> port.number() == number)
                .map(Container.Port::name)
                .findFirst()
                .orElse("");
        var only = pod.apps().size() == 1 ? Optional.of(pod.apps().getFirst().name()) : Optional.<String>empty();
        return new AppPort(
                number,
                declaring.map(Container::name).or(() -> only),
                name,
                candidates.stream().filter(each -> each.target() == number).findFirst(),
                others);
    }
}
