using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Dialects.Models;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Dialects.Anthropic.Batches;

/// <summary>
/// Checks the requests of a batch as they arrive and stores them, one task each. What is wrong is collected for one answer; after the first
/// error nothing more is stored. What it remembers of a request is 16 bytes, for the ids that must differ.
/// </summary>
internal sealed class RequestSink(IUpload upload, ServedModels models) : IItemSink
{
    /// <summary>The member of the body that has the requests.</summary>
    public const string List = "requests";

    /// <summary>The route that every request calls.</summary>
    public const string Endpoint = "/v1/messages";

    /// <summary>The most characters of a <c>custom_id</c>.</summary>
    private const int MaxId = 64;

    private const int MaxErrors = 50;

    private readonly List<ProblemError> errors = [];
    private readonly HashSet<UInt128> ids = [];

    /// <summary>What was found for the model of the request before; most batches name one model only.</summary>
    private (string Model, SpokenRoute? Found)? last;
    private int index = -1;

    /// <summary>The service of the requests; null before the first model that some service has.</summary>
    public SpokenRoute? Service { get; private set; }

    public void BeginItem(PayloadPath path) => index++;

    public void BeginFile(string field, string? dataUrlPrefix) => throw new InvalidOperationException("Requests have no files.");

    public ValueTask WriteFileAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("Requests have no files.");

    public void EndFile() => throw new InvalidOperationException("Requests have no files.");

    public async ValueTask EndItemAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        var (parsed, repeated) = RepeatedName.Parse(json);
        if (repeated is not null) Refuse(Excerpt.Of(repeated), "is given more than once; send it once.");
        using var document = parsed ?? JsonDocument.Parse(json);
        var request = Check(document.RootElement);
        if (errors.Count >= MaxErrors) Complete();
        if (errors.Count > 0 || request is not { } valid) return;
        upload.BeginTask();
        upload.NameTask(new ItemName(null, valid.Id));
        await upload.EndTaskAsync(JsonMarshal.GetRawUtf8Value(valid.Params).ToArray(), cancellationToken);
    }

    /// <summary>Ends the requests.</summary>
    /// <exception cref="RequestException">Some are not valid, or there are none.</exception>
    public void Complete()
    {
        if (index < 0) throw RequestException.Missing(List, $"{List} is missing: send a list of at least one request.");
        if (errors.Count == 0) return;
        var detail = $"{errors[0].Field}: {errors[0].Reason}";
        if (errors.Count > 1)
            detail += $" ({errors.Count}{(errors.Count >= MaxErrors ? " errors or more" : " errors in all")}; nothing was taken.)";
        throw new RequestException(Problem.BadRequest(detail) with { Errors = errors });
    }

    private (string Id, JsonElement Params)? Check(JsonElement request)
    {
        if (request.ValueKind != JsonValueKind.Object)
        {
            Refuse("", "must be an object with custom_id and params.");
            return null;
        }

        JsonElement? id = null, parameters = null;
        foreach (var member in request.EnumerateObject())
        {
            if (member.Name is not ("custom_id" or "params"))
            {
                Refuse(Excerpt.Of(member.Name), "is not known. Known fields: custom_id, params.");
                continue;
            }

            if (member.Name == "custom_id") id = member.Value;
            else parameters = member.Value;
        }

        CheckId(id);
        if (parameters is { ValueKind: JsonValueKind.Object } given) CheckParams(given);
        else Refuse("params", "is missing: send an object, the request.");
        return errors.Count == 0 && id is { } valid && parameters is { } body ? (valid.GetRawText(), body) : null;
    }

    private void CheckId(JsonElement? id)
    {
        if (id is not { ValueKind: JsonValueKind.String } given)
        {
            Refuse("custom_id", "is missing: send it as a text.");
            return;
        }

        var text = given.GetString()!;
        var length = text.EnumerateRunes().Count();
        if (length is < 1 or > MaxId) Refuse("custom_id", $"has {length} characters; send 1 to {MaxId}.");
        else if (!ids.Add(PrintOf(text))) Refuse("custom_id", $"'{Excerpt.Of(text)}' is that of an earlier request too; each must differ.");
    }

    private void CheckParams(JsonElement given)
    {
        if (given.TryGetProperty("stream", out var stream) && stream.ValueKind is not (JsonValueKind.False or JsonValueKind.Null))
            Refuse("params.stream", "must not be true: the answers of a batch come as results.");
        if (!given.TryGetProperty("model", out var value) || value.ValueKind != JsonValueKind.String
            || value.GetString() is not { Length: > 0 } model)
        {
            Refuse("params.model", "is missing: send the name of a model as a text.");
            return;
        }

        if (last is not var (before, found) || before != model)
        {
            found = models.Find(Endpoint, model);
            last = (model, found);
        }

        if (found is null)
        {
            Refuse("params.model", $"no declared service has the model '{Excerpt.Of(model)}' for {Endpoint}.");
        }
        else if (Service is { } other && other.Service.Name != found.Service.Name)
        {
            Refuse(
                "params.model",
                $"'{Excerpt.Of(model)}' is of the service {found.Service.Name}, and the first requests are of {other.Service.Name}: make a "
                + "batch for each.");
        }
        else
        {
            Service ??= found;
        }
    }

    private void Refuse(string field, string reason)
    {
        if (errors.Count < MaxErrors)
            errors.Add(new ProblemError(field.Length == 0 ? $"{List}[{index}]" : $"{List}[{index}].{field}", index, reason));
    }

    private static UInt128 PrintOf(string id)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(id), hash);
        return MemoryMarshal.Read<UInt128>(hash);
    }
}
