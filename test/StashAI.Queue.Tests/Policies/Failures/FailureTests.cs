using StashAI.Queue.Policies.Failures;
using StashAI.Sdk;

namespace StashAI.Queue.Tests.Policies.Failures;

/// <summary>Messages of real engines, as this server records them, fall into the groups that a person would make.</summary>
public sealed class FailureTests
{
    /// <summary>
    /// What engines, proxies and the runtime say: the two messages of a row differ only in what a person does not care about.
    /// </summary>
    public static TheoryData<string, string, string> Alike => new()
    {
        // The connection.
        { "127.0.0.1:9997: Connection refused", "localhost:11434: Connection refused", "{address}: Connection refused" },
        { "visage.lan:9997: No route to host", "10.0.0.12:80: No route to host", "{address}: No route to host" },
        { "[::1]:8080: Connection reset by peer", "[fe80::1%2]:80: Connection reset by peer", "{address}: Connection reset by peer" },
        { "The call took longer than 30 s.", "The call took longer than 120.5 s.", "The call took longer than # s." },
        // Whisper and faster-whisper.
        {
            "The service answered 500: Failed to load audio: /srv/upload/tmpa8f3k2_x.wav: Invalid data found when processing input",
            "The service answered 500: Failed to load audio: /srv/upload/tmpz.mp3: Invalid data found when processing input",
            "The service answered #: Failed to load audio: {path}: Invalid data found when processing input"
        },
        {
            "The service answered 500: CUDA out of memory. Tried to allocate 2.00 GiB (GPU 0; 23.69 GiB total capacity; 512.00 MiB free)",
            "The service answered 500: CUDA out of memory. Tried to allocate 20.00 GiB (GPU 1; 7.79 GiB total capacity; 12 MiB free)",
            "The service answered #: CUDA out of memory. Tried to allocate # GiB (GPU #; # GiB total capacity; # MiB free)"
        },
        // vLLM and the OpenAI shape.
        {
            "The service answered 400: This model's maximum context length is 4096 tokens. However, you requested "
            + "5012 tokens (4500 in the messages, 512 in the completion).",
            "The service answered 400: This model's maximum context length is 8192 tokens. However, you requested "
            + "9,001 tokens (9000 in the messages, 1 in the completion).",
            "The service answered #: This model's maximum context length is # tokens. However, you requested # tokens "
            + "(# in the messages, # in the completion)."
        },
        {
            "The service answered 429: Rate limit reached, request id req_011CSHoEeqs5C35K2UUqR7Fy. Try again in 1.5s",
            "The service answered 429: Rate limit reached, request id req_022DSHoEeqs5C35K2UUqR8Gz. Try again in 20s",
            "The service answered #: Rate limit reached, request id {id}. Try again in #s"
        },
        // Ollama.
        {
            "The service answered 500: llama runner process has terminated: exit status 2 (pid 3314)",
            "The service answered 500: llama runner process has terminated: exit status 137 (pid 12)",
            "The service answered #: llama runner process has terminated: exit status # (pid #)"
        },
        {
            "The service answered 404: blob sha256:8934d96d3f08982e95922b2b7a2c626a1fe873d7c3b06e8e56d7bc0a1fef9246 not found",
            "The service answered 404: blob sha256:00e1317cbf74d901080d7100f57580ba8dd8de57203072dc6f668324ba545f29 not found",
            "The service answered #: blob sha#:{id} not found"
        },
        // CompreFace.
        {
            "The service answered 400: No face is found in the given image (IMG_2031.jpg)",
            "The service answered 400: No face is found in the given image (beach-7.png)",
            "The service answered #: No face is found in the given image ({file})"
        },
        {
            "The service answered 404: Model not found for api key 41f0b3f3-4a2d-4d43-8be0-3d6ef5b7b8ab",
            "The service answered 404: Model not found for api key 00000000-0002-4d43-8be0-3d6ef5b7b8ab",
            "The service answered #: Model not found for api key {id}"
        },
        // gradio.
        {
            "The service answered 422: Could not find file at C:\\Users\\ann\\AppData\\Local\\Temp\\gradio\\8f2a\\cat.png",
            "The service answered 422: Could not find file at D:\\gradio\\dog.webp",
            "The service answered #: Could not find file at {path}"
        },
        {
            "The service answered 500: Session hash 'hk3f9s0a1b2c3d4e5f6g7' has expired (event 6e1f)",
            "The service answered 500: Session hash 'zz9f9s0a1b2c3d4e5f6g8' has expired (event 6e2f)",
            "The service answered #: Session hash '{id}' has expired (event #e#f)"
        },
        // PyTorch and ONNX.
        {
            "The service answered 500: shape '[1, 3, 640, 640]' is invalid for input of size 921600",
            "The service answered 500: shape '[1, 3, 224]' is invalid for input of size 12",
            "The service answered #: shape '[#]' is invalid for input of size #"
        },
        {
            "The service answered 500: Illegal memory access at 0x7f3a9c000000",
            "The service answered 500: Illegal memory access at 0xDEADBEEF",
            "The service answered #: Illegal memory access at {id}"
        },
        // nginx, and others in front.
        {
            "The service answered 502: <html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
            + "<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>",
            "The service answered 502: <html>\n<head><title>502 Bad Gateway</title></head>\n<body>\n"
            + "<center><h1>502 Bad Gateway</h1></center>\n<hr><center>nginx/1.27.1</center>\n</body>\n</html>",
            "The service answered #: # Bad Gateway # Bad Gateway nginx/#"
        },
        {
            "The service answered 413: request to http://10.1.2.3:8000/v1/audio?x=1 has 30000000 bytes",
            "The service answered 413: request to https://api.example.org/v2/audio has 26214401 bytes",
            "The service answered #: request to {url} has # bytes"
        },
        {
            "The service answered 503: overloaded since 2026-01-31T08:00:00.123Z",
            "The service answered 503: overloaded since 2026-02-01 09:00:00+02:00",
            "The service answered #: overloaded since {time}"
        },
    };

    /// <summary>Messages that mean different things.</summary>
    public static TheoryData<string, string> Different => new()
    {
        { "127.0.0.1:1: Connection refused", "127.0.0.1:1: Connection reset by peer" },
        { "The service answered 400: No face is found in the image", "The service answered 400: More than one face in the image" },
        { "The service answered 404: model 'llama' not found", "The service answered 404: model 'mistral' not found" },
        { "field prompt is required", "field image is required" },
        { "and/or is not supported", "either is not supported" },
    };

    [Theory]
    [MemberData(nameof(Alike))]
    public void What_differs_from_item_to_item_is_replaced(string one, string other, string pattern)
    {
        Assert.Equal([pattern, pattern], [MessagePattern.Of(one), MessagePattern.Of(other)]);
        Assert.Equal(Failure.Of(ErrorKind.Rejected, 400, one).Fingerprint, Failure.Of(ErrorKind.Rejected, 400, other).Fingerprint);
        Assert.Equal(pattern, MessagePattern.Of(pattern));
    }

    [Theory]
    [MemberData(nameof(Different))]
    public void What_means_something_else_stays_apart(string one, string other) =>
        Assert.NotEqual(Failure.Of(ErrorKind.Rejected, 400, one).Fingerprint, Failure.Of(ErrorKind.Rejected, 400, other).Fingerprint);

    [Fact]
    public void Kind_and_status_tell_groups_apart()
    {
        var all = new[]
        {
            Failure.Of(ErrorKind.Rejected, 400, "no"), Failure.Of(ErrorKind.Rejected, 422, "no"),
            Failure.Of(ErrorKind.ServiceError, 422, "no"), Failure.Of(ErrorKind.Rejected, null, "no"),
            Failure.Of(ErrorKind.Rejected, null, null),
        };

        Assert.Equal(all.Length, all.Select(failure => failure.Fingerprint).Distinct().Count());
    }

    [Fact]
    public void A_fingerprint_never_changes()
    {
        // It is stored. A change of the function makes new groups beside the old ones: write a migration instead.
        var failure = Failure.Of(ErrorKind.Connection, null, "127.0.0.1:9997: Connection refused");
        Assert.Equal(Known, Failure.Text(failure.Fingerprint));
        Assert.Equal(failure.Fingerprint, Failure.Parse(Known));
    }

    private const string Known = "ac77eee413736225";

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  \n")]
    public void No_message_has_an_empty_pattern(string? message) => Assert.Equal("", MessagePattern.Of(message));

    [Fact]
    public void Long_messages_are_cut_between_characters_and_read_in_bounded_time()
    {
        var pattern = MessagePattern.Of(string.Concat(Enumerable.Repeat("😀a", 5000)));

        Assert.InRange(pattern.Length, MessagePattern.MaxLength - 1, MessagePattern.MaxLength);
        Assert.False(char.IsHighSurrogate(pattern[^1]));
        foreach (var piece in new[] { "<", "a", "/", "a.", "1,", "[:", "data:a/b;base64,", "<!--" })
        {
            var hostile = string.Concat(Enumerable.Repeat(piece, 2000));
            Assert.InRange(MessagePattern.Of(hostile).Length, 0, MessagePattern.MaxLength);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("123")]
    [InlineData("000000000000000g")]
    [InlineData("00000000000000000")]
    public void Other_texts_are_no_fingerprints(string text) => Assert.Null(Failure.Parse(text));
}
