using System.Text.Json;
using StashAI.Adapters.Http.Calls;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Tests.Codings;
using StashAI.Sdk;

namespace StashAI.Gateway.Tests.Services.Answers;

/// <summary>A file that an item names by its URL and that comes with a Content-Encoding: the whole file, or none.</summary>
public sealed class FetchedFileTests
{
    private static readonly byte[] Picture = [0x89, .. "PNG\r\n\u001a\n"u8, .. new byte[5000]];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task A_coded_file_is_decoded(string coding)
    {
        var (size, failure) = await FetchAsync(Coded.By(coding, Picture), coding);

        Assert.Null(failure);
        Assert.Equal(Picture.Length, size);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task A_coded_file_that_is_cut_off_is_fetched_again_and_one_with_more_behind_it_is_refused(string coding)
    {
        var coded = Coded.By(coding, Picture);

        var (_, cutOff) = await FetchAsync(coded[..^1], coding);
        var (_, followed) = await FetchAsync([.. coded, 7], coding);

        Assert.Contains("is cut off", Assert.IsType<TaskOutcome.Retry>(cutOff).Message, StringComparison.Ordinal);
        Assert.Contains("other bytes follow", Assert.IsType<TaskOutcome.Failed>(followed).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_file_is_refused_as_it_is_at_every_other_door() =>
        Assert.Contains(
            "empty file", Assert.IsType<TaskOutcome.Failed>((await FetchAsync([], "identity")).Failure).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_file_in_several_gzip_members_is_whole() =>
        Assert.Equal(
            Picture.Length,
            (await FetchAsync([.. Coded.By("gzip", Picture.AsSpan(0, 100)), .. Coded.By("gzip", Picture.AsSpan(100))], "gzip")).Size);

    private static async Task<(long Size, TaskOutcome? Failure)> FetchAsync(byte[] body, string coding)
    {
        using var answer = new CannedAnswer(200, body, "image/png", coding);
        using var http = new HttpClient(answer);
        using var item = JsonDocument.Parse("""{"url":"http://files.test/a.png"}""");
        var context = new TaskContext
        {
            TaskId = Guid.Empty,
            JobId = Guid.Empty,
            Ordinal = 0,
            Attempt = 1,
            TaskType = "go",
            Upstream = new Uri("http://localhost"),
            Input = default,
            Config = default,
            Payloads = [],
            Http = http,
            Fetch = http,
        };
        var (files, failure) = await ItemFiles.OpenAsync(
            context, new FieldSchema { Type = FieldType.File }, item.RootElement, Cancellation);
        return (files.Count > 0 ? files[0].Size : 0, failure);
    }
}
