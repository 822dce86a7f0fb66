// The SDK calls its batches experimental.
#pragma warning disable OPENAI001
using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using System.Text.Json;
using OpenAI;
using OpenAI.Batch;
using OpenAI.Chat;
using OpenAI.Files;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.Files;

namespace StashAI.EndToEnd.Tests.Clients;

/// <summary>OpenAI's own SDK of .NET against a real server, whose engine is scripted.</summary>
public sealed class OpenAiDotNetTests
{
    private const string Chat = "/v1/chat/completions";
    private const string Key = "sk-ci-0123456789abcdef";
    private const string Page = "openai-batch.md";

    private const string Yaml = """
        name: echo
        url: ${ECHO_URL}
        max_parallel: 8
        openai: {routes: [/v1/chat/completions, /v1/embeddings], models: [small, vectors]}
        operations: {up: {item: string, request: {path: /up, json: {text: "{{ item }}"}}}}

        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_from_its_file_to_its_results()
    {
        await using var gateway = await StartAsync();
        var (files, batches) = ClientsOf(gateway);
        string[] texts = [.. Enumerable.Range(0, 60).Select(i => i % 10 == 7 ? "refused" : $"text {i}")];

        OpenAIFile file = await files.UploadFileAsync(
            BinaryData.FromString(string.Join('\n', texts.Select((text, i) => Line($"id {i}", text)))), "lines.jsonl",
            FileUploadPurpose.Batch);
        Assert.Equal(("lines.jsonl", FilePurpose.Batch), (file.Filename, file.Purpose));
        Assert.Contains((await files.GetFilesAsync(FilePurpose.Batch, Cancellation)).Value, one => one.Id == file.Id);
        using var request = RequestOf(file.Id);
        var created = await batches.CreateBatchAsync(request, waitUntilCompleted: true);
        var batch = await ReadAsync(batches, created.BatchId);

        Assert.Equal("completed", batch.GetProperty("status").GetString());
        Assert.Equal("""{"total":60,"completed":54,"failed":6}""", batch.GetProperty("request_counts").GetRawText());
        var output = await LinesAsync(files, batch, "output_file_id");
        var errors = await LinesAsync(files, batch, "error_file_id");
        Assert.Equal(
            texts.Select((text, i) => (Id: $"id {i}", text)).Where(one => one.text != "refused"),
            output.Select(line => (
                line.GetProperty("custom_id").GetString()!,
                line.GetProperty("response").GetProperty("body").GetProperty("choices")[0].GetProperty("message").GetProperty("content")
                    .GetString()!)));
        Assert.Equal(6, errors.Count);
        Assert.All(errors, line => Assert.Equal(400, line.GetProperty("response").GetProperty("status_code").GetInt32()));

        Assert.True((await files.DeleteFileAsync(file.Id, Cancellation)).Value.Deleted);
        await RefusedAsync(404, () => files.GetFileAsync(file.Id, Cancellation));
    }

    [Fact]
    public async Task A_batch_cancelled_in_mid_way_keeps_what_was_done()
    {
        await using var gateway = await StartAsync();
        var (files, batches) = ClientsOf(gateway);

        var running = await SubmitAsync(
            files, batches, [Line("a", "text"), .. Enumerable.Range(0, 40).Select(i => Line($"h {i}", "hold"))]);
        await UntilAsync(
            batches, running.BatchId, batch => batch.GetProperty("request_counts").GetProperty("completed").GetInt32() == 1);
        await running.CancelAsync(null);
        await running.WaitForCompletionAsync(Cancellation);
        var batch = await ReadAsync(batches, running.BatchId);

        Assert.Equal("cancelled", batch.GetProperty("status").GetString());
        var line = Assert.Single(await LinesAsync(files, batch, "output_file_id"));
        Assert.Equal("a", line.GetProperty("custom_id").GetString());
        Assert.Equal(40, (await LinesAsync(files, batch, "error_file_id")).Count);
        await RefusedAsync(409, () => running.CancelAsync(null));
    }

    [Theory]
    [InlineData("{broken", "invalid_json_line", 1)]
    [InlineData(null, "duplicate_custom_id", 2)]
    [InlineData("", "empty_file", null)]
    public async Task A_file_that_is_not_right_fails_its_batch(string? content, string code, int? line)
    {
        await using var gateway = await StartAsync();
        var (files, batches) = ClientsOf(gateway);

        var failed = await SubmitAsync(files, batches, content is null ? [Line("a", "x"), Line("a", "y")] : [content]);
        await failed.WaitForCompletionAsync(Cancellation);
        var batch = await ReadAsync(batches, failed.BatchId);

        Assert.Equal("failed", batch.GetProperty("status").GetString());
        var error = batch.GetProperty("errors").GetProperty("data")[0];
        Assert.Equal(code, error.GetProperty("code").GetString());
        var number = error.GetProperty("line");
        Assert.Equal(line, number.ValueKind == JsonValueKind.Null ? null : number.GetInt32());
    }

    [Fact]
    public async Task Batches_are_listed_over_pages()
    {
        await using var gateway = await StartAsync();
        var (files, batches) = ClientsOf(gateway);
        List<string> made = [];
        for (var i = 0; i < 5; i++) made.Add((await SubmitAsync(files, batches, [Line("a", "text")])).BatchId);
        made.Reverse();

        List<string> listed = [];
        await foreach (var job in batches.GetBatchesAsync(new BatchCollectionOptions { PageSizeLimit = 2 }, Cancellation))
            listed.Add(job.Id);
        var pages = 0;
        await foreach (var _ in batches.GetBatchesAsync(null, 2, null).GetRawPagesAsync()) pages++;

        Assert.Equal(made, listed);
        Assert.Equal(3, pages);
    }

    [Fact]
    public async Task Refusals_are_the_exceptions_of_the_SDK()
    {
        await using var gateway = await StartAsync();
        var (files, batches) = ClientsOf(gateway);
        OpenAIFile other = await files.UploadFileAsync(BinaryData.FromString(Line("a", "x")), "a.jsonl", FileUploadPurpose.UserData);

        await RefusedAsync(400, () => files.UploadFileAsync(BinaryData.FromString("x"), "a.txt", FileUploadPurpose.Batch));
        using var request = RequestOf(other.Id);
        var purpose = await RefusedAsync(400, () => batches.CreateBatchAsync(request, waitUntilCompleted: false));
        Assert.Contains("purpose", purpose.Message, StringComparison.Ordinal);
        await RefusedAsync(404, () => batches.GetBatchAsync("batch_none", null));
        await RefusedAsync(404, () => files.DownloadFileAsync("file-none", Cancellation));
        await RefusedAsync(401, () => ClientOf(gateway, "sk-wrong").GetOpenAIModelClient().GetModelsAsync(Cancellation));
        var keyless = new OpenAIClient(new NoKey(), OptionsOf(gateway));
        await RefusedAsync(401, () => keyless.GetOpenAIModelClient().GetModelsAsync(Cancellation));
    }

    [Fact]
    public async Task Direct_calls_with_and_without_a_stream_and_embeddings()
    {
        await using var gateway = await StartAsync();
        var client = ClientOf(gateway, Key);
        var chat = client.GetChatClient("small");

        ChatCompletion answer = await chat.CompleteChatAsync(new UserChatMessage("hello"));
        var streamed = new StringBuilder();
        ChatTokenUsage? usage = null;
        await foreach (var update in chat.CompleteChatStreamingAsync(new UserChatMessage("hello")))
        {
            foreach (var part in update.ContentUpdate) streamed.Append(part.Text);
            usage = update.Usage ?? usage;
        }

        var embeddings = client.GetEmbeddingClient("vectors");
        var vectors = (await embeddings.GenerateEmbeddingsAsync(["four", "eleven char"], null, Cancellation)).Value;
        var models = (await client.GetOpenAIModelClient().GetModelsAsync(Cancellation)).Value;

        Assert.Equal(("hello", ChatFinishReason.Stop, 5), (answer.Content[0].Text, answer.FinishReason, answer.Usage.TotalTokenCount));
        Assert.Equal(("hello", 2), (streamed.ToString(), usage?.OutputTokenCount));
        Assert.Equal([4f, 11f], vectors.Select(vector => vector.ToFloats().Span[0]));
        Assert.Equal(["small", "vectors"], models.Select(model => model.Id).Order());
        var refused = await RefusedAsync(400, () => chat.CompleteChatAsync(new UserChatMessage("refused")));
        Assert.Contains("Too long.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_example_of_the_documentation_runs_as_it_stands()
    {
        await using var engine = await RepeatingEngine.StartAsync(Cancellation);
        await using var gateway = await StartAsync(engine.Url);
        using var folder = new TempFolder();
        await File.WriteAllLinesAsync(folder.File("lines.jsonl"), [Line("a", "Hi"), Line("b", "refused")], Cancellation);

        var output = await DocumentedExample.RunProgramAsync(Page, gateway.Process.Url, folder, Cancellation);

        Assert.Equal(["a", "b"], Parse(output).Select(line => line.GetProperty("custom_id").GetString()));
    }

    private static async Task<Served> StartAsync()
    {
        var engine = await RepeatingEngine.StartAsync(Cancellation);
        return new Served(engine, await StartAsync(engine.Url, ("API_KEYS", $"submit:{Key}")));
    }

    private static Task<ServedGateway> StartAsync(string engine, params (string, string)[] settings) => ServedGateway.StartAsync(
        8,
        prepare: async data =>
        {
            var services = Directory.CreateDirectory(Path.Combine(data, "services")).FullName;
            await File.WriteAllTextAsync(Path.Combine(services, "echo.yaml"), Yaml, Cancellation);
        },
        settings: [("ECHO_URL", engine), .. settings]);

    private static OpenAIClientOptions OptionsOf(Served gateway) => new() { Endpoint = new Uri($"{gateway.Url}/v1") };

    private static OpenAIClient ClientOf(Served gateway, string key) => new(new ApiKeyCredential(key), OptionsOf(gateway));

    private static (OpenAIFileClient Files, BatchClient Batches) ClientsOf(Served gateway)
    {
        var client = ClientOf(gateway, Key);
        return (client.GetOpenAIFileClient(), client.GetBatchClient());
    }

    private static string Line(string id, string text) =>
        $$$"""{"custom_id":"{{{id}}}","method":"POST","url":"{{{Chat}}}","body":{"model":"small","messages":[{"role":"user","content":"{{{text}}}"}]}}""";

    private static BinaryContent RequestOf(string file) => BinaryContent.Create(BinaryData.FromString(
        $$"""{"input_file_id":"{{file}}","endpoint":"{{Chat}}","completion_window":"24h"}"""));

    private static async Task<CreateBatchOperation> SubmitAsync(OpenAIFileClient files, BatchClient batches, IEnumerable<string> lines)
    {
        OpenAIFile file = await files.UploadFileAsync(
            BinaryData.FromString(string.Join('\n', lines)), "lines.jsonl", FileUploadPurpose.Batch);
        using var request = RequestOf(file.Id);
        return await batches.CreateBatchAsync(request, waitUntilCompleted: false);
    }

    private static async Task<JsonElement> ReadAsync(BatchClient batches, string id)
    {
        using var document = JsonDocument.Parse((await batches.GetBatchAsync(id, null)).GetRawResponse().Content);
        return document.RootElement.Clone();
    }

    private static async Task UntilAsync(BatchClient batches, string id, Func<JsonElement, bool> isReached)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!isReached(await ReadAsync(batches, id))) await timer.WaitForNextTickAsync(Cancellation);
    }

    private static async Task<List<JsonElement>> LinesAsync(OpenAIFileClient files, JsonElement batch, string field)
    {
        var text = (await files.DownloadFileAsync(batch.GetProperty(field).GetString(), Cancellation)).Value.ToString();
        return Parse(text);
    }

    private static List<JsonElement> Parse(string lines) =>
    [
        .. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.Clone();
        }),
    ];

    private static async Task<ClientResultException> RefusedAsync(int status, Func<Task> call)
    {
        var exception = await Assert.ThrowsAsync<ClientResultException>(call);
        Assert.Equal(status, exception.Status);
        return exception;
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

    /// <summary>Sends no key.</summary>
    private sealed class NoKey : AuthenticationPolicy
    {
        public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex) =>
            ProcessNext(message, pipeline, currentIndex);

        public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex) =>
            ProcessNextAsync(message, pipeline, currentIndex);
    }
}
