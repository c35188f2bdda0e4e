package io.tidegate.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Reads settings from environment variables. For example, {@code TIDEGATE_HTTP_EVENT_LOOPS} sets
 * {@code http.event-loops}. A variable that has the prefix but does not name a setting is an error, like an unknown key
 * in the file.
 *
 * @param prefix the prefix of the gateway's variables, including the underscore
 * @param others the names of variables that have the prefix but are not settings
 */
public record Environment(String prefix, Set<String> others, Map<String, String> variables) {

    /**
     * Matches the names of variables that Kubernetes sets for every service. The names begin with the prefix if a
     * service has the same name as the gateway.
     */
    private static final Pattern SERVICE_LINK =
            Pattern.compile("([A-Z0-9_]+_)?(SERVICE_(HOST|PORT)(_[A-Z0-9_]+)?|PORT_[0-9]+_(TCP|UDP|SCTP)(_[A-Z]+)?)");

    private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

    public Environment {
        others = Set.copyOf(others);
        variables = Map.copyOf(variables);
    }

    public List<Setting> settings(Set<String> paths, List<ConfigProblem> problems) {
        Map<String, String> pathOf = new LinkedHashMap<>();
        paths.forEach(path -> pathOf.putIfAbsent(prefix + Names.variable(path), path));
        List<Setting> settings = new ArrayList<>();
        new TreeMap<>(variables).forEach((variable, text) -> {
            if (!variable.startsWith(prefix) || others.contains(variable) || serviceLink(variable, text)) {
                return;
            }
            String path = pathOf.get(variable);
            if (path == null) {
                problems.add(new ConfigProblem(variable, "is not a known variable" + hint(variable, paths), ""));
            } else {
                settings.add(new Setting(path, text, variable));
            }
        });
        return settings;
    }

    private String hint(String variable, Set<String> paths) {
        List<String> names = paths.stream().map(Names::variable).toList();
        return Names.nearest(variable.substring(prefix.length()), names)
                .map(name -> "; did you mean " + prefix + name + "?")
                .orElse("");
    }

    private boolean serviceLink(String variable, String text) {
        return SERVICE_LINK.matcher(variable.substring(prefix.length())).matches()
                || variable.endsWith("PORT") && SERVICE_ADDRESS.matcher(text).matches();
    }
}
