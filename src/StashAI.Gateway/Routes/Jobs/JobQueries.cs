using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Policies.Failures;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary>Reads the filters of lists of jobs and tasks.</summary>
internal static class JobQueries
{
    private const int IdDigits = 32;

    public static JobQuery Read(IQueryCollection query, Operations operations)
    {
        var order = query.Text(JobDocs.Sort) switch
        {
            "-failed" => JobOrder.MostFailed,
            "priority" => JobOrder.MostUrgent,
            "created" => JobOrder.Oldest,
            "-progress" => JobOrder.Furthest,
            "name" => JobOrder.ByName,
            _ => JobOrder.Newest,
        };
        var error = query.Text(JobDocs.Error);
        var fingerprint = error is null ? null : Failure.Parse(error);
        var kind = error is null ? null : KindOf(error);
        return new JobQuery
        {
            States = StateFilter.Jobs(query),
            IsPaused = query.Text(JobDocs.Paused) is null ? null : query.Flag(JobDocs.Paused, false),
            Service = query.Text(JobDocs.OfService),
            TaskTypes = query.Text(JobDocs.OfOperation) is { } operation ? operations.TypesOf(operation) : [],
            NamePart = query.Text(JobDocs.Name),
            UserId = query.Text(ParameterDoc.User),
            SessionId = query.Text(ParameterDoc.Session),
            Tag = query.Text(JobDocs.Tag),
            Owner = query.Text(JobDocs.Owner),
            Fingerprint = fingerprint,
            ErrorKind = kind,
            ErrorPart = fingerprint is null && kind is null ? error : null,
            CreatedAfter = query.Time(JobDocs.CreatedAfter),
            CreatedBefore = query.Time(JobDocs.CreatedBefore),
            Ids = query.Text(JobDocs.IdPrefix) is { } prefix ? RangeOf(prefix) : null,
            Order = order,
            Limit = query.Number(ParameterDoc.Limit, 50),
            After = JobCursor.Read(query, order),
        };
    }

    /// <summary>The fingerprint of a query; null for none.</summary>
    public static long? FingerprintOf(IQueryCollection query) =>
        query.Text(JobDocs.OfFingerprint) is { } text ? FingerprintOf(text, JobDocs.OfFingerprint.Name) : null;

    public static long FingerprintOf(string text, string field) => Failure.Parse(text)
        ?? throw RequestException.Invalid(field,
            $"'{Excerpt.Of(text)}' is not a fingerprint: 16 hexadecimal digits, as the list of failures has them.");

    private static ErrorKind? KindOf(string word)
    {
        foreach (var kind in Enum.GetValues<ErrorKind>())
        {
            if (kind != ErrorKind.None && ErrorWords.Of(kind) == word) return kind;
        }

        return null;
    }

    private static (Guid First, Guid Last) RangeOf(string prefix)
    {
        var digits = prefix.Replace("-", "", StringComparison.Ordinal);
        if (digits.Length is 0 or > IdDigits || !digits.All(char.IsAsciiHexDigit))
        {
            throw RequestException.Invalid(JobDocs.IdPrefix.Name,
                $"'{Excerpt.Of(prefix)}' is not the beginning of an id: hexadecimal digits and hyphens.");
        }

        return (Guid.ParseExact(digits.PadRight(IdDigits, '0'), "N"), Guid.ParseExact(digits.PadRight(IdDigits, 'f'), "N"));
    }
}
