using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using StashAI.Gateway.Dialects.OpenAi.Batches;
using StashAI.Gateway.Tests.Routes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Dialects.OpenAi;

/// <summary>Lines with the same beginning of their prompts run next to each other, and are answered in the order of their file.</summary>
public sealed class PrefixOrderTests
{
    private const int Prefixes = 8;
    private const int Lines = 96;

    [Fact]
    public async Task A_service_that_remembers_beginnings_finds_nearly_all_of_them()
    {
        var yaml = OpenAiHost.Yaml.Replace("max_parallel: 8", "max_parallel: 1", StringComparison.Ordinal);
        await using var host = await OpenAiHost.StartAsync(workers: 1, yaml: yaml);
        var cache = new PrefixCache(size: 2);
        host.Engine.Script = call =>
        {
            cache.Ask(SystemOf(call));
            return OpenAiHost.Answer(call);
        };
        string[] lines = [.. Enumerable.Range(0, Lines).Select(i => Line($"id {i}", $"You are number {i % Prefixes}.", $"text {i}"))];
        var before = new PrefixCache(size: 2);
        for (var i = 0; i < Lines; i++) before.Ask($"You are number {i % Prefixes}.");

        var batch = await host.UntilAsync((await host.SubmitAsync("", lines)).Text("id"), "completed");

        Assert.Equal(0, before.Hits);
        Assert.Equal(Lines - Prefixes, cache.Hits);
        var output = await host.LinesAsync(batch.Text("output_file_id")!);
        Assert.Equal(
            Enumerable.Range(0, Lines).Select(i => ($"id {i}", $"text {i}")),
            output.Select(line => (line.Text("custom_id"), line.GetProperty("response").GetProperty("body").GetProperty("choices")[0]
                .GetProperty("message").Text("content"))));
    }

    [Fact]
    public async Task Failures_and_their_retry_are_in_the_order_of_the_file_too()
    {
        await using var host = await OpenAiHost.StartAsync();
        string[] lines =
            [.. Enumerable.Range(0, 12).Select(i => Line($"id {i}", $"You are number {i % 3}.", i % 2 == 0 ? "refused" : "x"))];
        string[] failed = [.. Enumerable.Range(0, 6).Select(i => $"id {i * 2}")];

        var batch = await host.UntilAsync((await host.SubmitAsync("", lines)).Text("id"), "completed");
        var again = await host.UntilAsync((await host.PostAsync($"/v1/batches/{batch.Text("id")}/retry")).Text("id"), "completed");

        foreach (var one in (JsonElement[])[batch, again])
        {
            var errors = await host.LinesAsync(one.Text("error_file_id")!);
            Assert.Equal(failed, errors.Select(line => line.Text("custom_id")));
        }
    }

    [Fact]
    public void A_file_of_one_beginning_is_not_held_up_and_keeps_its_order()
    {
        var order = new PrefixOrder(maxBytes: 1);

        Assert.All(Enumerable.Range(0, 100), number => Assert.True(order.Add(Checked(number), 7, number)));

        Assert.Empty(order.TakeAll());
        Assert.True(order.Places.IsEmpty);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(64)]
    [InlineData(100_000)]
    public void No_more_lines_wait_than_memory_is_for_and_each_is_written_once(int maxBytes)
    {
        var order = new PrefixOrder(maxBytes);
        List<string> written = [];
        var (waiting, most) = (0, 0);
        for (var number = 0; number < 1000; number++)
        {
            if (order.Add(Checked(number), (ulong)(number % 7), number)) written.Add($"{number}");
            else waiting++;
            most = Math.Max(most, waiting);
            if (!order.IsFull) continue;
            written.AddRange(order.TakeAll().Select(line => line.Id));
            waiting = 0;
        }

        written.AddRange(order.TakeAll().Select(line => line.Id));

        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"{i}"), written.OrderBy(int.Parse));
        Assert.True(most <= maxBytes, $"{most} lines of one byte waited.");
        var places = order.Places.ToArray().Chunk(4).Select(bytes => $"{BinaryPrimitives.ReadInt32LittleEndian(bytes)}");
        // Nothing is stored for lines that run in the order of their file.
        Assert.Equal(written, order.Places.IsEmpty ? Enumerable.Range(0, 1000).Select(i => $"{i}") : places);
        // A window needs each beginning once; the last of one window is the first of the next.
        var changes = written.Skip(1).Zip(written).Count(pair => int.Parse(pair.First) % 7 != int.Parse(pair.Second) % 7);
        Assert.True(changes <= (1000 / Math.Min(maxBytes, 1000) * 7) + 7, $"The beginning changed {changes} times.");
    }

    [Theory]
    [InlineData("""{"model":"m","messages":[{"role":"system","content":"a"},{"role":"user","content":"2"}]}""", true)]
    [InlineData("""{"messages":[{"role":"system","content":"a"},{"role":"assistant","content":"x"}],"seed":3,"model":"m"}""", true)]
    [InlineData("""{"model":"m","messages":[{"role":"system","content":"b"},{"role":"user","content":"1"}]}""", false)]
    [InlineData("""{"model":"n","messages":[{"role":"system","content":"a"},{"role":"user","content":"1"}]}""", false)]
    [InlineData("""{"model":"m","tools":[1],"messages":[{"role":"system","content":"a"},{"role":"user","content":"1"}]}""", false)]
    [InlineData("""{"model":"m","messages":[{"role":"developer","content":"a"},{"role":"user","content":"1"}]}""", false)]
    [InlineData("""{"model":"m","messages":7}""", false)]
    [InlineData("""{"model":"m","messages":[1,{"role":2}]}""", false)]
    public void A_beginning_is_the_model_the_tools_and_the_instructions(string body, bool isSame)
    {
        const string First = """{"model":"m","messages":[{"role":"system","content":"a"},{"role":"user","content":"1"}]}""";

        Assert.Equal(isSame, PrintOf(First) == PrintOf(body));
    }

    private static ulong PrintOf(string body)
    {
        using var document = JsonDocument.Parse(body);
        return PromptPrefix.Of(document.RootElement);
    }

    private static CheckedLine Checked(int number) => new($"{number}", Encoding.UTF8.GetBytes("x"), null);

    private static string Line(string id, string system, string text) =>
        $$$"""{"custom_id":"{{{id}}}","method":"POST","url":"{{{OpenAiHost.Chat}}}","body":{"model":"small","messages":[{"role":"system","content":"{{{system}}}"},{"role":"user","content":"{{{text}}}"}]}}""";

    private static string SystemOf(ScriptedCall call)
    {
        using var document = JsonDocument.Parse(call.Body);
        return document.RootElement.GetProperty("messages")[0].GetProperty("content").GetString()!;
    }

    /// <summary>Remembers the beginnings that were asked last, as the cache of a server of models does.</summary>
    private sealed class PrefixCache(int size)
    {
        private readonly LinkedList<string> known = [];

        public int Hits { get; private set; }

        public void Ask(string prefix)
        {
            lock (known)
            {
                if (known.Remove(prefix)) Hits++;
                known.AddFirst(prefix);
                if (known.Count > size) known.RemoveLast();
            }
        }
    }
}
