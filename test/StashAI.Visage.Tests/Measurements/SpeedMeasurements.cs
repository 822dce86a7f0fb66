using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Visage.Gallery;
using StashAI.Visage.Inference;
using StashAI.Visage.Recognition;

namespace StashAI.Visage.Tests.Measurements;

/// <summary>Measures the figures of docs/faces.md. The measurements assert nothing and run only with <c>--explicit only</c>.</summary>
public sealed class SpeedMeasurements(RealFiles files)
{
    private const int Rounds = 10;

    [Fact(Explicit = true)]
    public async Task Photos_per_second_compared_with_the_models_only()
    {
        await using var server = await VisageServer.StartAsync(files);
        var gate = server.Services.GetRequiredService<WorkGate>();
        var models = server.Services.GetRequiredService<FaceModels>();
        var photos = Enumerable.Range(1, 6).Select(files.Sample).ToList();
        var runs = new RunCounts();
        foreach (var photo in photos)
            runs.Count(await gate.AnalyseAsync(photo, TestContext.Current.CancellationToken));

        var work = Enumerable.Range(0, Rounds).SelectMany(_ => photos).ToList();
        for (var repeat = 0; repeat < 3; repeat++)
        {
            var before = Environment.CpuUsage.TotalTime;
            var whole = Stopwatch.StartNew();
            await Parallel.ForEachAsync(work, async (photo, cancel) => await gate.AnalyseAsync(photo, cancel));
            whole.Stop();
            var between = Environment.CpuUsage.TotalTime;

            var alone = Stopwatch.StartNew();
            await Parallel.ForEachAsync(Enumerable.Range(0, Environment.ProcessorCount), (_, _) =>
            {
                runs.RunModels(models, Rounds / (double)Environment.ProcessorCount);
                return ValueTask.CompletedTask;
            });
            alone.Stop();
            // Processor time is more reliable than wall-clock time on a busy machine.
            var (all, inference) = (between - before, Environment.CpuUsage.TotalTime - between);
            Say($"{Environment.ProcessorCount} cores: {work.Count / whole.Elapsed.TotalSeconds:0.0} photos/s");
            Say($"clock ratio {whole.Elapsed / alone.Elapsed:0.00}, processor time ratio {all / inference:0.00}");
            var (perPhoto, ofModels) = (all.TotalMilliseconds / work.Count, inference.TotalMilliseconds / work.Count);
            Say($"processor time a photo {perPhoto:0.0} ms, models alone {ofModels:0.0} ms");
        }

        using var process = Process.GetCurrentProcess();
        Say($"peak memory {process.PeakWorkingSet64 >> 20} MB (test runner and service in one process)");
    }

    [Fact(Explicit = true)]
    public void Search_among_100_000_people()
    {
        var index = new VectorIndex();
        var random = new Random(7);
        var vectors = Enumerable.Range(0, 100_000).Select(_ => RandomDirection(random)).ToList();
        var edit = index.BeginEdit();
        for (var person = 0; person < vectors.Count; person++)
            edit.Add(person + 1, vectors[person]);
        edit.Commit();

        foreach (var queries in new[] { 1, 4 })
        {
            var asked = vectors.Take(queries).ToList();
            index.Search(asked, 0.45f);
            var watch = Stopwatch.StartNew();
            for (var round = 0; round < 20; round++)
                index.Search(asked, 0.45f);
            Say($"{index.Count} people, {queries} faces: {watch.Elapsed.TotalMilliseconds / 20:0.0} ms on one core");
        }
    }

    /// <summary>A thousand people have ten rejected faces each, among them everybody who is found.</summary>
    [Fact(Explicit = true)]
    public void Search_among_100_000_people_with_rejections()
    {
        var random = new Random(7);
        var vectors = Enumerable.Range(0, 100_000).Select(_ => RandomDirection(random)).ToList();
        foreach (var rejections in new[] { 0, 10 })
        {
            var known = new KnownPeople();
            var edit = known.BeginEdit();
            for (var key = 1; key <= vectors.Count; key++)
            {
                edit.PutPerson(new(key, Guid.NewGuid(), $"{key}", null, null, null, default, default), replacesFaces: false);
                edit.AddFace(key, vectors[key - 1]);
                if (rejections > 0 && key <= 1000)
                    edit.PutRejections(key, [.. Enumerable.Range(0, rejections).Select(_ => RandomDirection(random))]);
            }

            edit.Commit(1);
            // -2 is everybody, as the threshold 0 asks for.
            foreach (var (queries, minCosine) in ((int, float)[])[(1, 0.45f), (4, 0.45f), (1, -2)])
            {
                var asked = vectors.Take(queries).ToList();
                known.Search(asked, minCosine, 5);
                var watch = Stopwatch.StartNew();
                for (var round = 0; round < 20; round++)
                    known.Search(asked, minCosine, 5);
                Say(
                    $"{rejections} rejections, {queries} faces, {minCosine}: {watch.Elapsed.TotalMilliseconds / 20:0.0} ms on one core");
            }
        }
    }

    private static float[] RandomDirection(Random random)
    {
        var vector = new float[512];
        for (var i = 0; i < vector.Length; i++)
            vector[i] = random.NextSingle() - 0.5f;
        var length = MathF.Sqrt(vector.Sum(value => value * value));
        return [.. vector.Select(value => value / length)];
    }

    private static void Say(FormattableString line) =>
        TestContext.Current.TestOutputHelper!.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
