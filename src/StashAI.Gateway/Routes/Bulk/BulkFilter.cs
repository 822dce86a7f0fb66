using System.Text.Json;
using Microsoft.Extensions.Primitives;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Routes.Jobs;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Gateway.Routes.Bulk;

/// <summary>Reads the filter of a bulk operation: the parameters of <c>GET /api/jobs</c> as members, read by the same code.</summary>
internal static class BulkFilter
{
    private const int MaxIds = 1000;

    private const string Ids = "ids";

    private static readonly IReadOnlyList<ParameterDoc> Filters =
        [.. JobDocs.List.Parameters.Where(one => one != ParameterDoc.Limit && one != ParameterDoc.Cursor && one != JobDocs.Sort)];

    /// <param name="filter">The member <c>filter</c> of a body; null for none.</param>
    /// <param name="operations">The names of operations.</param>
    /// <returns>The query, and whether the filter filters anything.</returns>
    public static (JobQuery Query, bool IsEmpty) Read(JsonElement? filter, Operations operations)
    {
        var fields = new JsonFields("filter", filter);
        fields.RefuseUnknown([.. Filters.Select(one => one.Name), Ids]);
        var values = new Dictionary<string, StringValues>();
        foreach (var parameter in Filters)
        {
            if (TextOf(fields, filter, parameter) is not { Length: > 0 } text) continue;
            QueryValues.Check(parameter, text);
            values.Add(parameter.Name, text);
        }

        var ids = ReadIds(fields);
        return (JobQueries.Read(new QueryCollection(values), operations) with { OnlyIds = ids }, values.Count == 0 && ids is null);
    }

    private static string? TextOf(JsonFields fields, JsonElement? filter, ParameterDoc parameter)
    {
        if (filter is not { } element || !element.TryGetProperty(parameter.Name, out var value)) return null;
        return value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.Array when parameter.MayRepeat && value.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String) =>
                string.Join(',', value.EnumerateArray().Select(one => one.GetString())),
            JsonValueKind.Array when parameter.MayRepeat => throw fields.Invalid(parameter.Name, "must be a text or a list of texts."),
            _ => fields.Text(parameter.Name),
        };
    }

    private static List<Guid>? ReadIds(JsonFields fields)
    {
        if (fields.Array(Ids) is not { } list) return null;
        if (list.GetArrayLength() > MaxIds) throw fields.Invalid(Ids, $"must have at most {MaxIds} ids; send several operations.");
        var ids = new List<Guid>();
        foreach (var one in list.EnumerateArray())
        {
            ids.Add(one.ValueKind == JsonValueKind.String && Guid.TryParse(one.GetString(), out var id)
                ? id
                : throw fields.Invalid(Ids, $"{Excerpt.Of(one.GetRawText())} is not the id of a job."));
        }

        return ids;
    }
}
