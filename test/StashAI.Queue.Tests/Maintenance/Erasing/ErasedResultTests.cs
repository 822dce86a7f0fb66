using System.Text;
using StashAI.Adapters.Visage;
using StashAI.Queue.Model.Erasures;
using StashAI.Queue.Model.Rematches;
using StashAI.Queue.Model.Tasks;
using StashAI.Testing.Postgres;
using static StashAI.Queue.Tests.Maintenance.Erasing.ErasedPhotos;

namespace StashAI.Queue.Tests.Maintenance.Erasing;

/// <summary>What is stored names a person who is deleted nowhere afterwards, and nobody else has lost anything.</summary>
public abstract class ErasedResultTests(PostgresFixture? postgres) : EraserTestBase(postgres)
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 10)];

    public sealed class OnSqlite() : ErasedResultTests(null);

    public sealed class OnPostgres(PostgresFixture postgres) : ErasedResultTests(postgres);

    [Fact]
    public async Task Nothing_names_the_person_afterwards_and_nobody_else_has_lost_anything()
    {
        var photos = await EndedAsync(VisageAdapter.Identify, 300, task => (task % 4) switch
        {
            0 => Shown.Photo([Face(Ann, Bob), Face(Bob, Ann), Face()]),
            1 => Shown.Photo([Face(Bob)]),
            2 => Shown.Photo([]),
            _ => Shown.Photo([Face(Annie), Face()]),
        });
        var pairs = await EndedAsync(VisageAdapter.Compare, 3, task => (Pair(task == 0 ? Name : OfBob), default), Pairs);
        var ranked = await EndedAsync(
            VisageAdapter.OneToMany, 2, task => (Pair(OfBob, task == 0 ? Name : null), default),
            config: $$"""{"target_person":"{{Name}}","threshold":0.5}""");
        var failed = await FailedAsync(Name);
        var unrelated = await FailedAsync("Annelise");
        var waiting = await EnqueueAsync(VisageAdapter.Compare, 2, Pairs);
        await AuditAsync();
        var before = await ResultsAsync(photos);
        var rows = await Store.Read.FindJobAsync(photos.JobId, Cancellation);
        var entries = await Store.Audit.ListAuditAsync(long.MaxValue, 100, Cancellation);
        var broken = await ErrorsAsync(unrelated);
        Assert.NotEmpty(await FindAsync());

        var erasure = await EraseAsync();

        Assert.Equal((ErasureStage.Completed, 6L, 6L, 152L), (erasure.Stage, erasure.JobsDone, erasure.JobsTotal, erasure.ResultsChanged));
        Assert.Null(erasure.Subject);
        Assert.Empty(await FindAsync());
        var after = await ResultsAsync(photos);
        for (var task = 0; task < after.Count; task++)
        {
            if (task % 4 is 1 or 2) Assert.Equal(before[task], after[task]);
            else AssertErased(task, before[task], after[task]);
        }

        var job = (await Store.Read.FindJobAsync(photos.JobId, Cancellation))!;
        var fold = VisageAdapter.Identify.Fold!;
        Assert.Equal(
            Encoding.UTF8.GetString(fold.Merge([.. after.Select((result, task) => fold.Map(task, result.Output))]).Span),
            Encoding.UTF8.GetString(job.Aggregate.Span));
        Assert.Equal((rows!.State, rows.Counters, rows.FinishedAt), (job.State, job.Counters, job.FinishedAt));
        Assert.Contains("\"person1\":null", await InputAsync(waiting, 0), StringComparison.Ordinal);
        Assert.Contains(OfBob, await InputAsync(waiting, 1), StringComparison.Ordinal);
        Assert.All(await ErrorsAsync(failed), message => Assert.Contains("[erased]", message, StringComparison.Ordinal));
        Assert.Equal(broken, await ErrorsAsync(unrelated));
        Assert.Equal(6, broken.Count);
        var audit = await Store.Audit.ListAuditAsync(long.MaxValue, 100, Cancellation);
        Assert.Equal(2, audit.Count(entry => entry.TargetId == erasure.Id.ToString()));
        Assert.Equal(
            entries.Where(entry => entry.TargetKind == "job" || entry is { TargetId: Bob, Action: "create" }), audit.Intersect(entries));
        Assert.Equal((2, 2), ((await ResultsAsync(ranked)).Count, (await ResultsAsync(pairs)).Count - 1));
        Assert.Equal(erasure.Id, (await Store.Erasures.FindErasureOfAsync(Ann, Cancellation))!.Id);
    }

    /// <summary>A judgement is stored beside the recorded result, which still says what the one before it said.</summary>
    [Fact]
    public async Task A_result_that_was_judged_again_names_the_person_neither_as_it_was_recorded_nor_as_it_is()
    {
        var ofBob = Enumerable.Range(0, 4).Select(_ => Shown.Photo([Face(Bob)])).ToList();
        // The first two were taken for Ann, the last two are by now; the second is again, and the last was always.
        bool[] wasHers = [true, true, false, true];
        bool[] isHers = [false, true, true, true];
        byte[] Of(int task, bool isHer, double cosine) => Bytes(
            (isHer ? Text(ofBob[task].Output).Replace(Bob, Ann).Replace($"\"{OfBob}\"", $"\"{Name}\"") : Text(ofBob[task].Output))
                .Replace("\"cosine\":0.7", $"\"cosine\":{cosine}"));
        var photos = await EndedAsync(VisageAdapter.Identify, 5, task =>
            task == 4 ? Shown.Photo([Face(Bob)]) : (Of(task, wasHers[task], 0.7), ofBob[task].Derived));
        var bare = (await ResultsAsync(photos))[4];
        for (var task = 0; task < 4; task++)
        {
            var key = TaskKey.From(photos.Key, task);
            var version = (await Store.Read.FindTasksAsync([key], withOutput: false, Cancellation))[0].Version;
            var judged = new JudgedResult(
                key, Of(task, wasHers[task], 0.7), Of(task, isHers[task], task == 3 ? 0.7 : 0.8), [new(isHers[task] ? Ann : Bob, 0.9)]);
            await Store.Rematches.SaveResultsAsync(photos.Key, 0, [(version, judged)], Cancellation);
        }

        Assert.NotEmpty(await FindAsync());
        Assert.Equal(Text(Of(0, false, 0.8)), Text((await ResultsAsync(photos))[0].Output));

        var erasure = await EraseAsync();

        Assert.Equal(4, erasure.ResultsChanged);
        Assert.Empty(await FindAsync());
        var after = await ResultsAsync(photos);
        Assert.Equal(Text(Of(0, false, 0.8)), Text(after[0].Output));
        Assert.All(after[1..4], result => Assert.Contains("\"erased\":true", Text(result.Output), StringComparison.Ordinal));
        Assert.Equal(bare, after[4]);
    }

    /// <summary>
    /// SQLite moves rows between pages and leaves their bytes behind, in some files of a hundred: it depends on the sizes of the rows.
    /// </summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Not_even_a_part_of_a_result_is_left_whatever_its_size(int seed)
    {
        var sizes = new Random(seed);
        Shown.Secrets.Add(Bytes(HerPicture));
        Shown.Secrets.Add(Shown.HerEmbedding);
        var photos = await EndedAsync(VisageAdapter.Identify, 150, task => Shown.PhotoOfSize(task % 3 == 0 ? Bob : Ann, sizes));
        await EndedAsync(VisageAdapter.Identify, 50, task => Shown.PhotoOfSize(task % 2 == 0 ? Bob : Ann, sizes));
        Assert.NotEmpty(await FindAsync());

        var erasure = await EraseAsync();

        Assert.Equal((true, 125L), (erasure.IsOver, erasure.ResultsChanged));
        Assert.Empty(await FindAsync());
        var results = await ResultsAsync(photos);
        Assert.Equal(50, results.Count(result => Text(result.Output).Contains(PictureOfBob, StringComparison.Ordinal)));
    }
}
