using Cronos;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Routes.Schedules;

/// <summary>
/// A cron line of five fields, or a name such as <c>@daily</c>, in a time zone. There are no seconds: each moment makes a job, and what
/// repeats within a minute is one job with many items.
/// </summary>
internal sealed class CronLine
{
    private const string Field = "cron";

    private const string FormatRefusal = "The given cron expression has an invalid format. ";

    private static readonly string[] Names = ["minutes", "hours", "days of the month", "months", "days of the week"];

    private static readonly string[] Macros = ["@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually"];

    private readonly CronExpression expression;
    private readonly TimeZoneInfo zone;

    private CronLine(CronExpression expression, TimeZoneInfo zone) => (this.expression, this.zone) = (expression, zone);

    /// <exception cref="RequestException">The line or the zone is not valid; it says where and why.</exception>
    public static CronLine Parse(string line, string zone)
    {
        var found = ScheduleZones.Find(zone) ?? throw ScheduleZones.Unknown(zone);
        return new CronLine(Parse(line), found);
    }

    /// <summary>
    /// The first moment after another; null when none comes. A moment that clocks skip comes when they have been set forward; one that
    /// they repeat comes once, except for lines with a step or a range of hours or minutes, which go on through both.
    /// </summary>
    public DateTimeOffset? Next(DateTimeOffset after) => expression.GetNextOccurrence(after, zone);

    private static CronExpression Parse(string line)
    {
        if (line.StartsWith('@'))
        {
            return Macros.Contains(line.ToLowerInvariant()) ? CronExpression.Parse(line) : throw RequestException.Invalid(
                Field, $"'{Excerpt.Of(line)}' is not a known name; use {string.Join(", ", Macros)}, or five fields such as 0 3 * * *.");
        }

        var fields = Split(line);
        if (fields.Count != Names.Length)
        {
            throw RequestException.Invalid(
                Field,
                $"'{Excerpt.Of(line)}' has {fields.Count} {(fields.Count == 1 ? "field" : "fields")} instead of five: minutes, hours, "
                + "days of the month, months, days of the week, such as 0 3 * * *."
                + $"{(fields.Count == Names.Length + 1 ? " There is no field for seconds." : "")}");
        }

        for (var i = 0; i < fields.Count; i++)
        {
            var alone = string.Join(' ', Enumerable.Range(0, Names.Length).Select(at => at == i ? fields[i].Text : "*"));
            if (Try(alone) is { } reason)
            {
                throw RequestException.Invalid(
                    Field, $"'{Excerpt.Of(fields[i].Text)}' at character {fields[i].At + 1} is not valid for the {Names[i]}: {reason}");
            }
        }

        return Try(line) is { } whole ? throw RequestException.Invalid(Field, whole) : CronExpression.Parse(line);
    }

    private static string? Try(string line)
    {
        try
        {
            _ = CronExpression.Parse(line);
            return null;
        }
        catch (MissingSeedException)
        {
            return "H lets a scheduler choose the value, and this one does not; write the value itself.";
        }
        catch (CronFormatException exception)
        {
            // The library says first that the line is not valid, and in which field, as the refusal does already.
            var reason = exception.Message.Replace(FormatRefusal, "", StringComparison.Ordinal);
            var colon = reason.IndexOf(": ", StringComparison.Ordinal);
            return colon is > 0 and < 20 ? reason[(colon + 2)..] : reason;
        }
    }

    private static List<(string Text, int At)> Split(string line)
    {
        var fields = new List<(string, int)>();
        for (var at = 0; at < line.Length; at++)
        {
            if (char.IsWhiteSpace(line[at])) continue;
            var start = at;
            while (at < line.Length && !char.IsWhiteSpace(line[at])) at++;
            fields.Add((line[start..at], start));
        }

        return fields;
    }
}
