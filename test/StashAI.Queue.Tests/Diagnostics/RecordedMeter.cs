using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace StashAI.Queue.Tests.Diagnostics;

/// <summary>A meter factory that listens to what it made, and to nothing else.</summary>
internal sealed class RecordedMeter : IMeterFactory
{
    private readonly ConcurrentQueue<(string Name, double Value, string Tags)> values = new();
    private readonly MeterListener listener = new();
    private readonly List<Meter> meters = [];

    public RecordedMeter()
    {
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Scope == this) listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.Start();
    }

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        var meter = new Meter(options);
        meters.Add(meter);
        return meter;
    }

    /// <summary>The values of an instrument, those with these tags only if they are given.</summary>
    public IReadOnlyList<double> Of(string name, string? tags = null) =>
        [.. values.Where(value => value.Name == name && (tags is null || value.Tags == tags)).Select(value => value.Value)];

    /// <summary>Asks the instruments that are asked.</summary>
    public void Observe() => listener.RecordObservableInstruments();

    public void Dispose()
    {
        listener.Dispose();
        foreach (var meter in meters) meter.Dispose();
    }

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        values.Enqueue((instrument.Name, value, string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))));
}
