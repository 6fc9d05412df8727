package dev.gossamer.bench.report;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All samples of a run, by contender and figure. Confined to the run's thread. */
public final class Results {
    private final Map<String, EnumMap<Figure, List<Double>>> samples = new LinkedHashMap<>();
    private final Map<String, String> absent = new LinkedHashMap<>();

    /** Takes {@code contender} in; the order of calls is that of the columns. */
    public void enter(String contender) {
        samples.computeIfAbsent(contender, name -> new EnumMap<>(Figure.class));
    }

    public void add(String contender, Figure figure, double value) {
        samples.computeIfAbsent(contender, name -> new EnumMap<>(Figure.class))
                .computeIfAbsent(figure, f -> new ArrayList<>())
                .add(value);
    }

    /** A contender that cannot take part, and why. */
    public void leaveOut(String contender, String why) {
        absent.put(contender, why);
    }

    public List<String> contenders() {
        return List.copyOf(samples.keySet());
    }

    public Map<String, String> absent() {
        return Map.copyOf(absent);
    }

    List<Double> samples(String contender, Figure figure) {
        var all = samples.get(contender);
        var found = all == null ? null : all.get(figure);
        return found == null ? List.of() : List.copyOf(found);
    }

    /** Absent if the figure does not apply. */
    public @Nullable Double median(String contender, Figure figure) {
        var sorted = samples(contender, figure).stream().sorted().toList();
        if (sorted.isEmpty()) {
            return null;
        }
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
