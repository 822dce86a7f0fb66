using System.Text;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Policies;
using StashAI.Queue.Store;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Inputs that are too large for a row are with the payloads, and are read, copied, edited and removed as any input.</summary>
public abstract class LargeInputContract(IStoreHost host) : StoreContract(host)
{
    private static readonly int[] Sizes = [2, LargeInput.MaxRowBytes, LargeInput.MaxRowBytes + 1, 200_000, 1_048_575, 3_000_000];

    [Fact]
    public async Task Inputs_of_any_size_are_read_as_they_were_stored_and_large_ones_are_not_in_rows()
    {
        var job = await UploadAsync(Sizes);

        for (var i = 0; i < Sizes.Length; i++)
        {
            var task = await TaskAsync(TaskKey.From(job.Key, i));
            Assert.Equal(Input(i, Sizes[i]), await InputAsync(task));
            Assert.Equal(Sizes[i] > LargeInput.MaxRowBytes, task.LargeInput is not null);
            Assert.Equal(task.LargeInput is null ? Sizes[i] : 0, task.Input.Length);
            Assert.Empty(await Store.Read.ListPayloadsAsync(task.Key, Cancellation));
        }

        Assert.Equal(0, (await JobAsync(job)).PayloadBytes);
        foreach (var withOutput in (bool[])[false, true])
        {
            foreach (var task in await Store.Read.ListTasksAsync(job.Key, 0, 10, withOutput, Cancellation))
                Assert.Equal(Input(task.Ordinal, Sizes[task.Ordinal]), await InputAsync(task));
        }
    }

    [Fact]
    public async Task A_claim_takes_no_large_input_along_wherever_it_is()
    {
        await UploadAsync(Sizes);
        await UploadAsync(Sizes, isApart: false);

        foreach (var task in await ClaimAsync(20))
        {
            var size = Sizes[TaskKey.OrdinalOf(task.Key)];
            Assert.Equal(size > LargeInput.MaxRowBytes ? (0, size) : (size, 0), (task.Input.Length, task.LargeInputBytes));
            Assert.Equal(Input(TaskKey.OrdinalOf(task.Key), size), await InputAsync(await TaskAsync(task.Key)));
            Assert.Empty(task.Payloads);
        }
    }

    [Fact]
    public async Task Binary_parts_beside_a_large_input_are_the_only_ones_that_are_listed()
    {
        await using var upload = Store.OpenUpload(Node);
        upload.KeepLargeInputsApart();
        upload.BeginTask();
        upload.BeginPayload("image", "data:image/png;base64,");
        await upload.WriteAsync(new byte[100_000], Cancellation);
        upload.EndPayload();
        await upload.EndTaskAsync(Input(0, 100_000), Cancellation);
        var job = await upload.CommitAsync(TestJobs.Job, Cancellation);

        var claimed = await ClaimOneAsync();

        Assert.Equal("image", Assert.Single(claimed.Payloads).Slot);
        Assert.Equal("image", Assert.Single(await Store.Read.ListPayloadsAsync(claimed.Key, Cancellation)).Slot);
        Assert.Equal(100_000, (await JobAsync(job)).PayloadBytes);
        Assert.Equal(Input(0, 100_000), await InputAsync(await TaskAsync(claimed.Key)));
    }

    [Fact]
    public async Task The_id_in_an_input_is_known_without_reading_it()
    {
        var text = new string('x', 100_000);
        string[] inputs =
        [
            $$"""{"item_id":"a","text":"{{text}}"}""", $$"""{"text":"{{text}}","id":7}""", $$"""{"id":{"id":1},"text":"{{text}}"}""",
            $$"""{"item_id":null,"id":1,"text":"{{text}}"}""", $"[\"id\",\"{text}\"]", $$"""{"id":"{{text}}"}""",
        ];
        await using var upload = Store.OpenUpload(Node);
        upload.KeepLargeInputsApart();
        foreach (var input in inputs)
        {
            upload.BeginTask();
            await upload.EndTaskAsync(Encoding.UTF8.GetBytes(input), Cancellation);
        }

        var job = await upload.CommitAsync(TestJobs.Job, Cancellation);

        var tasks = await Store.Read.ListTasksAsync(job.Key, 0, 10, false, Cancellation);
        Assert.Equal(["\"a\"", "7", "{\"id\":1}", null, null], tasks.Take(5).Select(task => task.LargeInput!.ItemId));
        // An id that is too long to be kept apart from its input.
        Assert.Null(tasks[5].LargeInput);
        for (var i = 0; i < inputs.Length; i++) Assert.Equal(inputs[i], Encoding.UTF8.GetString(await InputAsync(tasks[i])));
    }

    [Fact]
    public async Task A_copy_shares_large_inputs_until_the_last_job_is_gone()
    {
        var source = await UploadAsync(Sizes);
        await EndAllAsync(TaskEvent.Succeed);
        await using var upload = Store.OpenUpload(Node);
        await upload.CopyAsync(source.Key, CopiedTasks.All, Cancellation);
        var copy = await upload.CommitAsync(TestJobs.Job with { Name = "copy" }, Cancellation);
        var chunks = Host.CountRows()["payload_chunks"];
        await EndAllAsync(TaskEvent.Succeed);

        await RemoveAsync(source);

        Assert.Equal(chunks, Host.CountRows()["payload_chunks"]);
        Assert.Equal(0, (await JobAsync(copy)).PayloadBytes);
        for (var i = 0; i < Sizes.Length; i++)
            Assert.Equal(Input(i, Sizes[i]), await InputAsync(await TaskAsync(TaskKey.From(copy.Key, i))));
        await RemoveAsync(copy);
        Assert.Equal((0, 0), ((int)Host.CountRows()["payloads"], (int)Host.CountRows()["task_payloads"]));
    }

    [Fact]
    public async Task An_edited_input_keeps_the_first_one_and_copies_take_the_edited_one()
    {
        var job = await UploadAsync([200_000]);
        var key = TaskKey.From(job.Key, 0);
        foreach (var edited in (byte[][])[Input(7, 100_000), "{}"u8.ToArray()])
        {
            await EndAllAsync(TaskEvent.Fail);
            await Store.Control.RetryTaskAsync(key, edited, Cancellation);

            Assert.Equal(edited, await InputAsync(await TaskAsync(key)));
            Assert.Equal(Input(0, 200_000), await Store.Read.FindFirstInputAsync(key, Cancellation));
        }

        await using var upload = Store.OpenUpload(Node);
        await upload.CopyAsync(job.Key, CopiedTasks.All, Cancellation);
        var copy = await upload.CommitAsync(TestJobs.Job, Cancellation);

        Assert.Equal("{}"u8.ToArray(), await InputAsync(await TaskAsync(TaskKey.From(copy.Key, 0))));
        await EndAllAsync(TaskEvent.Succeed);
        await RemoveAsync(job);
        Assert.Equal(0, (int)Host.CountRows()["payloads"]);
    }

    [Fact]
    public async Task Trimming_inputs_leaves_json_wherever_it_is()
    {
        var job = await UploadAsync(Sizes, withPart: true);
        await EndAllAsync(TaskEvent.Succeed);

        while (await Store.Maintain.RemoveOldAsync(RetentionPolicy.Default with { Inputs = TimeSpan.Zero }, 3, Cancellation) > 0)
            Host.Verify();

        Assert.Equal(0, (await JobAsync(job)).PayloadBytes);
        for (var i = 0; i < Sizes.Length; i++)
        {
            var task = await TaskAsync(TaskKey.From(job.Key, i));
            Assert.Empty(await Store.Read.ListPayloadsAsync(task.Key, Cancellation));
            Assert.Equal(Input(i, Sizes[i]), await InputAsync(task));
        }
    }

    [Theory]
    [InlineData("needle", 3)]
    [InlineData("NEEDLE", 3)]
    [InlineData("needles", 0)]
    public async Task A_search_finds_texts_in_inputs_of_any_size_and_across_pieces(string text, int found)
    {
        await using var upload = Store.OpenUpload(Node);
        upload.KeepLargeInputsApart();
        foreach (var at in (int[])[10, 100_000, 1_048_575 - 3, -1])
        {
            upload.BeginTask();
            var input = new StringBuilder(new string('é', Math.Max(at, 500_000) / 2));
            if (at >= 0) input.Insert(at / 2, "needle");
            await upload.EndTaskAsync(Encoding.UTF8.GetBytes($"\"{(at == 10 ? "needle" : input)}\""), Cancellation);
        }

        var job = await upload.CommitAsync(TestJobs.Job, Cancellation);

        var page = await Store.Read.QueryTasksAsync(new TaskQuery { JobKey = job.Key, Text = text, Limit = 10 }, Cancellation);

        Assert.Equal(found, page.Tasks.Count);
    }

    [Fact]
    public async Task An_upload_that_keeps_inputs_in_rows_keeps_large_ones_there()
    {
        var job = await UploadAsync(Sizes, isApart: false);

        for (var i = 0; i < Sizes.Length; i++) Assert.Equal(Sizes[i], (await TaskAsync(TaskKey.From(job.Key, i))).Input.Length);
        Assert.Equal(0, (int)Host.CountRows()["payloads"]);
    }

    private static byte[] Input(int seed, int size) =>
        Encoding.UTF8.GetBytes($"\"{new string((char)('a' + seed), size - 2)}\"");

    private async Task<EnqueuedJob> UploadAsync(int[] sizes, bool isApart = true, bool withPart = false)
    {
        await using var upload = Store.OpenUpload(Node);
        if (isApart) upload.KeepLargeInputsApart();
        for (var i = 0; i < sizes.Length; i++)
        {
            upload.BeginTask();
            if (withPart)
            {
                upload.BeginPayload("image", null);
                await upload.WriteAsync(new byte[20_000], Cancellation);
                upload.EndPayload();
            }

            await upload.EndTaskAsync(Input(i, sizes[i]), Cancellation);
        }

        return await upload.CommitAsync(TestJobs.Job, Cancellation);
    }

    private async Task<byte[]> InputAsync(TaskView task) => (await Store.Read.ReadInputAsync(task, Cancellation)).ToArray();

    private async Task EndAllAsync(TaskEvent outcome)
    {
        foreach (var task in await ClaimAsync(20)) await ApplyAsync(outcome == TaskEvent.Succeed ? Done(task) : Ended(task, outcome));
    }

    private async Task RemoveAsync(EnqueuedJob job)
    {
        Assert.True(await Store.Control.RemoveJobAsync(job.Key, Cancellation));
        while (await Store.Maintain.RemoveUnreferencedAsync(10, Cancellation) > 0) Host.Verify();
    }
}
