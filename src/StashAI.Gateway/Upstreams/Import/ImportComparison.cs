using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using StashAI.Adapters.Http.Declarations;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Upstreams.Import.Shell;
using StashAI.Gateway.Upstreams.Trials;
using StashAI.Sdk;

namespace StashAI.Gateway.Upstreams.Import;

/// <summary>Compares what a declaration sends for a command's item with what curl would send. Nothing leaves this process.</summary>
internal sealed class ImportComparison(CurlRequest curl, Func<string, string?> environment, TimeProvider clock)
{
    /// <returns>The difference in words; null when there is none.</returns>
    public async Task<string?> FindDifferenceAsync(ServiceDeclaration declaration, CurlDraft draft, CancellationToken cancellationToken)
    {
        using var catcher = new RequestCapture();
        var (adapter, reason) = DeclaredAdapter.Create(
            declaration, variable => draft.Secrets.GetValueOrDefault(variable) ?? environment(variable));
        if (adapter is null) throw new ImportException(reason!);
        // Without the defaults of calls: this compares the request that the declaration itself creates.
        var report = await new TrialCall(clock) { HasDefaults = false }.RunAsync(
            adapter, declaration.Operations[0].Operation.TaskType, adapter.Address, isConfigured: true, NoConfig(declaration),
            draft.Example, catcher, cancellationToken);
        return catcher.Uri is null ? "the call cannot be made: " + Reason(report.Outcome) : Compare(catcher);
    }

    /// <summary>The configuration of a job that sets nothing.</summary>
    public static byte[] NoConfig(ServiceDeclaration declaration)
    {
        using var none = JsonDocument.Parse("{}");
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
            FieldCheck.Write(declaration.Config, none.RootElement, "config", isLenient: true, [], json, []);
        return buffer.WrittenSpan.ToArray();
    }

    private static string Reason(TaskOutcome? outcome) => outcome switch
    {
        TaskOutcome.Failed failed => failed.Message,
        TaskOutcome.Retry retry => retry.Message,
        _ => "it gives no request",
    };

    private string? Compare(RequestCapture sent)
    {
        if (sent.Method != curl.Method) return $"the method would be {sent.Method} instead of {curl.Method}";
        var address = curl.Url.GetLeftPart(UriPartial.Authority) + curl.Url.AbsolutePath.TrimEnd('/') + Expand(curl.Address.Path);
        var authority = curl.Url.GetLeftPart(UriPartial.Authority);
        var path = Canonical(address[authority.Length..]) is { Length: > 0 } given ? given : "/";
        if (sent.Uri!.GetLeftPart(UriPartial.Authority) != authority || Canonical(sent.Uri.AbsolutePath) != path)
        {
            return $"the address would be {sent.Uri.GetLeftPart(UriPartial.Path)} instead of {address}";
        }

        var query = curl.Address.Query is { } text ? Expand(text) : "";
        if (!SameFields(sent.Uri.Query.TrimStart('?'), query)) return $"the query would be {sent.Uri.Query} instead of ?{query}";
        return CompareHeaders(sent) ?? CompareBody(sent);
    }

    private string? CompareHeaders(RequestCapture sent)
    {
        foreach (var (name, value) in curl.Headers)
        {
            if (!sent.Headers.Remove(name, out var other)) return $"the header {name} would be missing";
            if (other != Expand(value)) return $"the header {name} would have another value";
        }

        if (sent.Headers.Remove("Content-Type", out var type) | curl.ContentType is not null
            && !SameType(type, curl.ContentType is { } wanted ? Expand(wanted) : null))
        {
            return $"the type of the body would be {type ?? "left out"} instead of {curl.ContentType ?? "left out"}";
        }

        sent.Headers.Remove("Content-Length");
        return sent.Headers.Keys.FirstOrDefault() is { } more ? $"the header {more} would be sent too" : null;
    }

    private bool SameType(string? sent, string? wanted) => curl.Body is CurlBody.Form
        ? sent?.StartsWith("multipart/form-data;", StringComparison.Ordinal) is true
        : sent == wanted;

    private string? CompareBody(RequestCapture sent)
    {
        var isSame = curl.Body switch
        {
            CurlBody.File file => sent.Body.AsSpan().SequenceEqual(file.Bytes)
                || SameText(Encoding.UTF8.GetString(sent.Body), Encoding.UTF8.GetString(file.Bytes)),
            CurlBody.Form form => SameParts(sent, form.Parts),
            CurlBody.Text text => SameText(Encoding.UTF8.GetString(sent.Body), Expand(text.Value)),
            _ => sent.Body.Length == 0,
        };
        if (isSame) return null;
        var wanted = curl.Body is CurlBody.Text one ? Expand(one.Value) : "";
        var same = Encoding.UTF8.GetString(sent.Body).Zip(wanted).TakeWhile(pair => pair.First == pair.Second).Count();
        return curl.Body is CurlBody.Text ? $"the body would differ from '{Short(wanted[same..])}' on" : "the body would differ";
    }

    private bool SameText(string sent, string wanted) =>
        sent == wanted
        || (curl.MediaType == "application/x-www-form-urlencoded" && DraftItem.IsPairs(wanted) && SameFields(sent, wanted))
        || SameJson(Encoding.UTF8.GetBytes(sent), Encoding.UTF8.GetBytes(wanted));

    private bool SameParts(RequestCapture sent, IReadOnlyList<CurlPart> wanted)
    {
        if (!sent.Type.StartsWith("multipart/", StringComparison.Ordinal) || MultipartText.BoundaryOf(sent.Type) is not { } boundary
            || MultipartText.Parts(sent.Body, boundary) is not { } parts || parts.Count != wanted.Count)
        {
            return false;
        }

        return parts.Zip(wanted).All(pair =>
            pair.First.Name == pair.Second.Name && pair.First.FileName == pair.Second.FileName && pair.First.Type == pair.Second.Type
            && Bytes(pair.First).AsSpan().SequenceEqual(Bytes(pair.Second)));

        byte[] Bytes(CurlPart part) => part.Bytes ?? Encoding.UTF8.GetBytes(Expand(part.Value!));
    }

    private static string Short(string text) => text.Length <= 20 ? text : text[..20] + "...";

    private string Expand(string text) => ShellVariables.Expand(text, environment);

    /// <summary>Compares names and values in order, regardless of their escapes.</summary>
    private static bool SameFields(string one, string other) => Fields(one).SequenceEqual(Fields(other));

    private static IEnumerable<string> Fields(string text) => text.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(piece =>
    {
        var bytes = Encoding.UTF8.GetBytes(piece.Replace('+', ' '));
        // A name without a value differs from one with an empty value.
        return $"{piece.Contains('=', StringComparison.Ordinal)} "
            + $"{Convert.ToHexString(System.Net.WebUtility.UrlDecodeToBytes(bytes, 0, bytes.Length))}";
    });

    /// <summary>The path in a canonical form of percent-encoding.</summary>
    private static string Canonical(string path)
    {
        var text = new StringBuilder();
        foreach (var one in Encoding.UTF8.GetBytes(path))
        {
            if (one < 0x80 && (char.IsAsciiLetterOrDigit((char)one) || "-._~/%!$&'()*+,;=:@".Contains((char)one, StringComparison.Ordinal)))
            {
                text.Append((char)one);
            }
            else
            {
                text.Append('%').Append(one.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        for (var i = text.Length - 3; i >= 0; i--)
        {
            if (text[i] != '%' || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2])) continue;
            var value = Convert.ToByte(text.ToString(i + 1, 2), 16);
            if (char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~')
            {
                (_, _) = (text.Remove(i, 3), text.Insert(i, (char)value));
            }
            else
            {
                (text[i + 1], text[i + 2]) = (char.ToUpperInvariant(text[i + 1]), char.ToUpperInvariant(text[i + 2]));
            }
        }

        return text.ToString();
    }

    /// <summary>Compares JSON by value: numbers as written, strings regardless of their escapes.</summary>
    private static bool SameJson(byte[] one, byte[] other)
    {
        try
        {
            var left = new Utf8JsonReader(one);
            var right = new Utf8JsonReader(other);
            while (left.Read())
            {
                if (!right.Read() || left.TokenType != right.TokenType) return false;
                var isText = left.TokenType is JsonTokenType.String or JsonTokenType.PropertyName;
                if (!left.ValueSpan.SequenceEqual(right.ValueSpan) && !(isText && left.GetString() == right.GetString())) return false;
            }

            return !right.Read();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Captures a request instead of sending it.</summary>
    private sealed class RequestCapture : HttpMessageHandler
    {
        public string? Method { get; private set; }

        public Uri? Uri { get; private set; }

        public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

        public string Type { get; private set; } = "";

        public byte[] Body { get; private set; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            (Method, Uri) = (request.Method.Method, request.RequestUri);
            Body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
            foreach (var (name, values) in request.Headers.NonValidated.Concat(request.Content?.Headers.NonValidated ?? default))
            {
                Headers[name] = values.ToString();
            }

            Type = Headers.GetValueOrDefault("Content-Type", "");
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("{}") };
        }
    }
}
