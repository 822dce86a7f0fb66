using System.Text;
using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;
using Anthropic.Models.Messages.Batches;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.Files;

namespace StashAI.EndToEnd.Tests.Clients;

/// <summary>
/// Anthropic's own SDK of .NET against a real server, whose engine is scripted. <c>claude-x</c> is of a service in Anthropic's form, and
/// <c>small</c> of one in OpenAI's.
/// </summary>
public sealed class AnthropicDotNetTests
{
    private const string Key = "sk-ci-0123456789abcdef";
    private const string ReadKey = "sk-eyes-0123456789abcdef";
    private const string Page = "anthropic-batch.md";

    private const string Native = """
        name: claude
        url: ${ECHO_URL}
        max_parallel: 8
        anthropic: {routes: /v1/messages, models: claude-x}
        operations: {up: {item: string, request: {path: /up, json: {text: "{{ item }}"}}}}

        """;

    private const string Mapped = """
        name: local
        url: ${ECHO_URL}
        max_parallel: 8
        anthropic: {through: /v1/chat/completions, models: small}
        operations: {up: {item: string, request: {path: /up, json: {text: "{{ item }}"}}}}

        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("claude-x")]
    [InlineData("small")]
    public async Task A_batch_from_its_requests_to_its_results(string model)
    {
        await using var gateway = await StartAsync();
        var batches = ClientOf(gateway, Key).Messages.Batches;
        string[] texts = [.. Enumerable.Range(0, 60).Select(i => i % 10 == 7 ? "refused" : $"text {i}")];

        var created = await batches.Create(
            new BatchCreateParams { Requests = [.. texts.Select((text, i) => RequestOf($"id-{i}", text, model))] }, Cancellation);
        Assert.Equal(60, created.RequestCounts.Processing);
        var batch = await EndedAsync(batches, created.ID);

        Assert.Equal((54, 6, 0), (batch.RequestCounts.Succeeded, batch.RequestCounts.Errored, batch.RequestCounts.Processing));
        List<(string, string)> results = [];
        await foreach (var one in batches.ResultsStreaming(batch.ID, null, Cancellation))
            results.Add((one.CustomID, TextOf(one.Result)));
        Assert.Equal(texts.Select((text, i) => ($"id-{i}", text == "refused" ? "invalid_request_error: Too long." : text)), results);

        Assert.Equal(batch.ID, (await batches.Delete(batch.ID, null, Cancellation)).ID);
        await Assert.ThrowsAsync<AnthropicNotFoundException>(() => batches.Retrieve(batch.ID, null, Cancellation));
    }

    [Fact]
    public async Task A_batch_cancelled_in_mid_way_keeps_what_was_done()
    {
        await using var engine = await RepeatingEngine.StartAsync(Cancellation);
        await using var gateway = await StartAsync(engine.Url);
        var batches = ClientOf(gateway.Process.Url, Key).Messages.Batches;

        var created = await batches.Create(
            new BatchCreateParams
            {
                Requests = [RequestOf("a", "text"), .. Enumerable.Range(0, 40).Select(i => RequestOf($"h-{i}", "hold"))],
            },
            Cancellation);
        await engine.Ledger.WaitForEndedAsync(1, Cancellation);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (gateway.Query("SELECT COUNT(*) FROM queue_jobs WHERE completed = 1")[0] == 0) await timer.WaitForNextTickAsync(Cancellation);
        await batches.Cancel(created.ID, null, Cancellation);
        var batch = await EndedAsync(batches, created.ID);

        Assert.Equal((1, 40), (batch.RequestCounts.Succeeded, batch.RequestCounts.Canceled));
        Assert.NotNull(batch.CancelInitiatedAt);
        List<string> types = [];
        await foreach (var one in batches.ResultsStreaming(batch.ID, null, Cancellation)) types.Add(one.Result.Type.Raw());
        Assert.Equal(["succeeded", .. Enumerable.Repeat("canceled", 40)], types);
    }

    [Fact]
    public async Task Batches_are_listed_over_pages()
    {
        await using var gateway = await StartAsync();
        var batches = ClientOf(gateway, Key).Messages.Batches;
        List<string> made = [];
        for (var i = 0; i < 5; i++)
            made.Add((await batches.Create(new BatchCreateParams { Requests = [RequestOf("a", "text")] }, Cancellation)).ID);
        made.Reverse();

        List<string> listed = [];
        var pages = 0;
        for (var page = await batches.List(new BatchListParams { Limit = 2 }, Cancellation); ; page = await page.Next(Cancellation))
        {
            pages++;
            listed.AddRange(page.Items.Select(batch => batch.ID));
            if (!page.HasNext()) break;
        }

        Assert.Equal(made, listed);
        Assert.Equal(3, pages);
    }

    [Fact]
    public async Task Refusals_are_the_exceptions_of_the_SDK()
    {
        await using var gateway = await StartAsync();
        var batches = ClientOf(gateway, Key).Messages.Batches;

        var duplicate = await Assert.ThrowsAsync<AnthropicBadRequestException>(() => batches.Create(
            new BatchCreateParams { Requests = [RequestOf("a", "x"), RequestOf("a", "y")] }, Cancellation));
        Assert.Contains("requests[1].custom_id", duplicate.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<AnthropicBadRequestException>(() => batches.Create(new BatchCreateParams { Requests = [] }, Cancellation));
        await Assert.ThrowsAsync<AnthropicNotFoundException>(() => batches.Retrieve("msgbatch_none", null, Cancellation));
        await Assert.ThrowsAsync<AnthropicUnauthorizedException>(
            () => ClientOf(gateway, "sk-wrong").Messages.Batches.List(null, Cancellation));
        await Assert.ThrowsAsync<AnthropicUnauthorizedException>(() => ClientOf(gateway, null).Messages.Batches.List(null, Cancellation));
        var held = await batches.Create(new BatchCreateParams { Requests = [RequestOf("a", "hold")] }, Cancellation);
        await Assert.ThrowsAsync<AnthropicForbiddenException>(
            () => ClientOf(gateway, ReadKey).Messages.Batches.Cancel(held.ID, null, Cancellation));
        await Assert.ThrowsAsync<AnthropicBadRequestException>(() => batches.Delete(held.ID, null, Cancellation));
    }

    [Theory]
    [InlineData("claude-x")]
    [InlineData("small")]
    public async Task Direct_calls_with_and_without_a_stream(string model)
    {
        await using var gateway = await StartAsync();
        var messages = ClientOf(gateway, Key).Messages;

        var answer = await messages.Create(CallOf("hello", model), Cancellation);
        var streamed = new StringBuilder();
        long? output = null;
        await foreach (var part in messages.CreateStreaming(CallOf("hello", model), Cancellation))
        {
            if (part.TryPickContentBlockDelta(out var piece) && piece.Delta.TryPickText(out var text)) streamed.Append(text.Text);
            if (part.TryPickDelta(out var delta)) output = delta.Usage.OutputTokens;
        }

        Assert.True(answer.Content[0].TryPickText(out var block));
        Assert.Equal(("hello", 3), (block.Text, answer.Usage.InputTokens));
        Assert.Equal(("hello", 2), (streamed.ToString(), output));
        var refused = await Assert.ThrowsAsync<AnthropicBadRequestException>(() => messages.Create(CallOf("refused", model), Cancellation));
        Assert.Contains("Too long.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_example_of_the_documentation_runs_as_it_stands()
    {
        await using var engine = await RepeatingEngine.StartAsync(Cancellation);
        var declaration = DocumentedExample.Block(Page, "yaml").Replace("http://127.0.0.1:8000", engine.Url, StringComparison.Ordinal);
        await using var gateway = await ServedGateway.StartAsync(8, prepare: data => WriteAsync(data, ("local.yaml", declaration)));
        using var folder = new TempFolder();

        var output = await DocumentedExample.RunProgramAsync(Page, gateway.Process.Url, folder, Cancellation);

        Assert.Equal("question-0 Hi\nquestion-1 What is 2 + 2?", output.ReplaceLineEndings("\n"));
    }

    private static async Task<Served> StartAsync()
    {
        var engine = await RepeatingEngine.StartAsync(Cancellation);
        return new Served(engine, await StartAsync(engine.Url));
    }

    private static Task<ServedGateway> StartAsync(string engine) => ServedGateway.StartAsync(
        8,
        prepare: data => WriteAsync(data, ("claude.yaml", Native), ("local.yaml", Mapped)),
        settings: [("ECHO_URL", engine), ("API_KEYS", $"submit:{Key},read:{ReadKey}")]);

    private static async Task WriteAsync(string data, params (string Name, string Yaml)[] services)
    {
        var folder = Directory.CreateDirectory(Path.Combine(data, "services")).FullName;
        foreach (var (name, yaml) in services) await File.WriteAllTextAsync(Path.Combine(folder, name), yaml, Cancellation);
    }

    private static AnthropicClient ClientOf(Served gateway, string? key) => ClientOf(gateway.Url, key);

    /// <summary>Without a key, it is not taken from the environment either.</summary>
    private static AnthropicClient ClientOf(string url, string? key) => new() { BaseUrl = url, ApiKey = key, AuthToken = null };

    private static Request RequestOf(string id, string text, string model = "claude-x") => new()
    {
        CustomID = id,
        Params = new Params { Model = model, MaxTokens = 100, Messages = [new UserMessageParam { Content = text }] },
    };

    private static MessageCreateParams CallOf(string text, string model) =>
        new() { Model = model, MaxTokens = 100, Messages = [new UserMessageParam { Content = text }] };

    private static async Task<MessageBatch> EndedAsync(Anthropic.Services.Messages.IBatchService batches, string id)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var batch = await batches.Retrieve(id, null, Cancellation);
            if (batch.ProcessingStatus == ProcessingStatus.Ended) return batch;
            await timer.WaitForNextTickAsync(Cancellation);
        }
    }

    private static string TextOf(MessageBatchResult result)
    {
        if (result.TryPickErrored(out var errored)) return $"{errored.Error.Error.Type.Raw()}: {errored.Error.Error.Message}";
        Assert.True(result.TryPickSucceeded(out var succeeded));
        Assert.True(succeeded.Message.Content[0].TryPickText(out var text));
        return text.Text;
    }

    /// <summary>A server and the engine behind it.</summary>
    private sealed class Served(IAsyncDisposable engine, ServedGateway gateway) : IAsyncDisposable
    {
        public string Url => gateway.Process.Url;

        public async ValueTask DisposeAsync()
        {
            await gateway.DisposeAsync();
            await engine.DisposeAsync();
        }
    }
}
