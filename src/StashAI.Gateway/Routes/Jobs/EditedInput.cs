using System.Buffers;
using System.Text.Json;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Routes.Declared;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Hosting.Problems;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary>
/// Checks an input that a person edited, as that of a new item. Files that came as bytes stay with the task, and files that are named by an
/// address or a path cannot be exchanged: only a submit checks and reads those.
/// </summary>
internal sealed class EditedInput(ServiceCatalog catalog)
{
    private const string Field = "input";

    /// <param name="job">The task's job.</param>
    /// <param name="input">The new input.</param>
    /// <param name="before">The input that the task has.</param>
    /// <param name="slots">The names of its binary parts.</param>
    /// <exception cref="RequestException">The input is not valid, or items of the service cannot be edited.</exception>
    public ReadOnlyMemory<byte> Check(JobView job, JsonElement input, ReadOnlyMemory<byte> before, IReadOnlyCollection<string> slots)
    {
        var operation = catalog.Find(job.Service)?.Operations.FirstOrDefault(one => one.Operation.TaskType == job.TaskType)
            ?? throw RequestException.Invalid(
                Field, $"items of {job.Service} cannot be edited; leave it out to run the task as it is, or submit another item.");
        if (operation.FileFields.Contains(""))
            throw RequestException.Invalid(Field, "the item is a file, which cannot be edited; leave it out, or submit another item.");
        using var first = JsonDocument.Parse(before.IsEmpty ? "null"u8.ToArray() : before);
        foreach (var name in operation.FileFields)
        {
            if (Text(first.RootElement, name) != Text(input, name))
                throw RequestException.Invalid($"{Field}.{name}", "is a file and stays as it is; submit another item to use another file.");
        }

        foreach (var name in ServerNames.KeptOf(operation.Item))
        {
            if (Text(first.RootElement, name) != Text(input, name))
                throw RequestException.Invalid($"{Field}.{name}", "is what you call the item, and stays as it is; leave it out.");
        }

        var buffer = new ArrayBufferWriter<byte>();
        var errors = new List<FieldError>();
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
            FieldCheck.Write(operation.Item, input, Field, isLenient: false, slots, json, errors);
        if (errors.Count == 0) return buffer.WrittenMemory;
        throw new RequestException(Problem.Invalid($"{errors[0].Field} {errors[0].Reason}") with
        {
            Errors = [.. errors.Select(error => new ProblemError(error.Field, null, error.Reason))],
        });
    }

    private static string? Text(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) ? value.GetRawText() : null;
}
