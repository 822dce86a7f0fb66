using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StashAI.Queue.Model.Erasures;
using StashAI.Sdk;

namespace StashAI.Queue.Maintenance;

/// <summary>Removes one subject from stored values: from results by their adapter, from texts by its ids and names.</summary>
internal sealed class PartEraser
{
    private readonly ErasedSubject subject;
    private readonly string replacement;
    private readonly Regex? idsAndNames;
    private readonly Regex? ids;

    /// <param name="subject">Whom to remove.</param>
    /// <param name="erasure">The id of the erasure, which takes the place of the subject's in the audit log.</param>
    public PartEraser(ErasedSubject subject, Guid erasure)
    {
        this.subject = subject;
        replacement = erasure.ToString();
        ids = Pattern(subject.Ids);
        idsAndNames = Pattern([.. subject.Ids, .. subject.Names]);
    }

    /// <summary>Removes the subject from values of tasks and jobs.</summary>
    public IReadOnlyList<ErasedPart> Erase(IReadOnlyList<ErasablePart> parts, IResultErasure erasure)
    {
        var derived = parts.Where(part => part.Place == ErasablePlace.Derived).ToDictionary(part => part.Key);
        var erased = new List<ErasedPart>();
        foreach (var part in parts)
        {
            switch (part.Place)
            {
                case ErasablePlace.Derived:
                    break;
                case ErasablePlace.Result:
                    EraseResult(part, derived.TryGetValue(part.Key, out var computed) ? computed : null, erasure, erased);
                    break;
                case ErasablePlace.Input or ErasablePlace.FirstInput or ErasablePlace.Config:
                    Add(erased, part, erasure.EraseInput(subject, part.Data));
                    break;
                case ErasablePlace.Aggregate or ErasablePlace.RematchAggregate:
                    Add(erased, part, erasure.EraseAggregate(subject, part.Data));
                    break;
                default:
                    Add(erased, part, Erase(part.Data, idsAndNames));
                    break;
            }
        }

        return erased;
    }

    /// <summary>Removes the subject from values of other records.</summary>
    public IReadOnlyList<ErasedPart> EraseRecords(IReadOnlyList<ErasablePart> parts, IEnumerable<IResultErasure> erasures)
    {
        var erased = new List<ErasedPart>();
        foreach (var part in parts)
        {
            Add(erased, part, part.Place switch
            {
                ErasablePlace.AuditTarget => EraseTarget(part.Data),
                ErasablePlace.AuditDetails => EraseDetails(part.Data),
                ErasablePlace.ScheduleConfig or ErasablePlace.ScheduleSource or ErasablePlace.UploadDeclaration =>
                    EraseInput(part.Data, erasures),
                ErasablePlace.RunReason or ErasablePlace.BulkError => Erase(part.Data, idsAndNames),
                _ => Erase(part.Data, ids),
            });
        }

        return erased;
    }

    private void EraseResult(ErasablePart result, ErasablePart? computed, IResultErasure erasure, List<ErasedPart> erased)
    {
        var derived = computed?.Data ?? default;
        if (erasure.Erase(subject, result.Data, derived) is not { } after)
        {
            // Only the result before the judgement names the subject: the result is stored as it is now, and that one goes.
            if (result.Recorded is { } recorded && erasure.Erase(subject, recorded, derived) is not null)
                erased.Add(new ErasedPart(result, result.Data));
            return;
        }

        Add(erased, result, after.Output);
        if (computed is { } before && !before.Data.Span.SequenceEqual(after.Derived.Span))
        {
            erased.Add(new ErasedPart(before, after.Derived));
        }
    }

    private ReadOnlyMemory<byte>? EraseInput(ReadOnlyMemory<byte> json, IEnumerable<IResultErasure> erasures)
    {
        ReadOnlyMemory<byte>? erased = null;
        foreach (var erasure in erasures) erased = erasure.EraseInput(subject, erased ?? json) ?? erased;
        return erased;
    }

    private ReadOnlyMemory<byte>? EraseTarget(ReadOnlyMemory<byte> target)
    {
        var text = Encoding.UTF8.GetString(target.Span);
        return subject.Ids.Contains(text, StringComparer.OrdinalIgnoreCase) ? Utf8(replacement) : null;
    }

    /// <summary>Details are JSON: a value that is a name or an id is replaced, and other people's stay.</summary>
    private ReadOnlyMemory<byte>? EraseDetails(ReadOnlyMemory<byte> details)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(details.Span);
        }
        catch (JsonException)
        {
            return Erase(details, idsAndNames);
        }

        return root is not null && Replace(root) ? Utf8(root.ToJsonString()) : null;
    }

    private bool Replace(JsonNode node)
    {
        var isChanged = false;
        if (node is JsonObject members)
        {
            foreach (var (name, value) in members.ToList())
            {
                if (IsSubject(value)) members[name] = Erasure.Mark;
                else if (value is null || !Replace(value)) continue;
                isChanged = true;
            }
        }
        else if (node is JsonArray elements)
        {
            for (var i = 0; i < elements.Count; i++)
            {
                if (IsSubject(elements[i])) elements[i] = Erasure.Mark;
                else if (elements[i] is not { } element || !Replace(element)) continue;
                isChanged = true;
            }
        }

        return isChanged;
    }

    private bool IsSubject(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text)
        && (subject.Ids.Contains(text, StringComparer.OrdinalIgnoreCase)
            || subject.Names.Contains(text.Trim(), StringComparer.OrdinalIgnoreCase));

    private static ReadOnlyMemory<byte>? Erase(ReadOnlyMemory<byte> data, Regex? pattern)
    {
        if (pattern is null) return null;
        var text = Encoding.UTF8.GetString(data.Span);
        return pattern.IsMatch(text) ? Utf8(pattern.Replace(text, Erasure.Mark)) : null;
    }

    private static ReadOnlyMemory<byte>? Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static void Add(List<ErasedPart> erased, ErasablePart part, ReadOnlyMemory<byte>? after)
    {
        if (after is { } data && !data.Span.SequenceEqual(part.Data.Span)) erased.Add(new ErasedPart(part, data));
    }

    /// <summary>
    /// Whole words, as they stand in a text or in a JSON text, where an escape may come before them. An answer may be cut off in the
    /// middle.
    /// </summary>
    private static Regex? Pattern(IReadOnlyList<string> words)
    {
        var spellings = words.Where(word => !string.IsNullOrWhiteSpace(word)).SelectMany(word => (string[])
            [
                word,
                JavaScriptEncoder.Default.Encode(word),
                JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(word),
            ])
            .Distinct(StringComparer.OrdinalIgnoreCase).OrderByDescending(word => word.Length).Select(Regex.Escape).ToList();
        return spellings.Count == 0
            ? null
            : new Regex(
                $@"(?<=^|[^\p{{L}}\p{{N}}]|\\u[0-9A-Fa-f]{{4}}|\\[nrt])(?:{string.Join('|', spellings)})(?=$|[^\p{{L}}\p{{N}}])",
                RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
    }
}
