using System.Diagnostics;
using System.Globalization;
using StashAI.Testing.Faces;
using StashAI.Visage.Clustering;

namespace StashAI.Visage.Tests.Measurements;

/// <summary>Measures the grouping of many faces for docs/faces.md. The measurements run only with <c>--explicit only</c>.</summary>
public sealed class GroupingMeasurements
{
    private const int Faces = 20_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public void Collection() => Measure("a collection", SyntheticFaces.Collection(Faces, 1));

    [Fact(Explicit = true)]
    public void One_person()
    {
        var set = new SyntheticFaces(2);
        set.AddPerson(0, Faces);
        Measure("one person", set);
    }

    [Fact(Explicit = true)]
    public void Copies_of_one_photo()
    {
        var set = new SyntheticFaces(3);
        var face = set.Direction(512);
        for (var i = 0; i < Faces; i++) set.Add(0, face, 4);
        Measure("copies of one photo", set);
    }

    [Fact(Explicit = true)]
    public void Strangers()
    {
        var set = new SyntheticFaces(4);
        for (var i = 0; i < Faces; i++) set.AddPerson(i, 1);
        Measure("strangers", set);
    }

    private static void Measure(string name, SyntheticFaces set)
    {
        foreach (var limit in (float[])[0.45f, 0.5f])
        {
            GC.Collect();
            using var process = Process.GetCurrentProcess();
            var before = process.WorkingSet64;
            var watch = Stopwatch.StartNew();
            var groups = FaceGrouping.Group(set.Vectors, set.Qualities, limit, Environment.ProcessorCount, Cancellation);
            var seconds = watch.Elapsed.TotalSeconds;
            process.Refresh();
            var (precision, recall) = set.Score(groups.Select(group => group.Faces));
            var line = string.Create(
                CultureInfo.InvariantCulture,
                $"{name}, {set.Vectors.Count} faces, least mean cosine {limit}: {seconds:0.0} s, "
                + $"{groups.Count(group => group.Faces.Count > 1)} groups, largest {groups[0].Faces.Count}, precision {precision:0.0000}, "
                + $"recall {recall:0.0000}, working set {before >> 20} MB before, peak {process.PeakWorkingSet64 >> 20} MB");
            TestContext.Current.TestOutputHelper!.WriteLine(line);
        }
    }
}
