using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Routes.Schedules;

/// <summary>Time zones of schedules, by their IANA names.</summary>
internal static class ScheduleZones
{
    private const string Field = "time_zone";

    public static TimeZoneInfo? Find(string name) =>
        name.ToUpperInvariant() is "UTC" or "Z"
            ? TimeZoneInfo.Utc
            : TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;

    /// <summary>The IANA name of a zone that somebody names, or of the server's zone for null.</summary>
    /// <exception cref="RequestException">There is no such zone, or the server's zone has no such name.</exception>
    public static string NameOf(string? given, TimeZoneInfo local)
    {
        var zone = given is null ? local : Find(given) ?? throw Unknown(given);
        if (zone.HasSameRules(TimeZoneInfo.Utc) && zone.Id.ToUpperInvariant() is "UTC" or "ETC/UTC") return "UTC";
        if (TimeZoneInfo.TryConvertWindowsIdToIanaId(zone.Id, out var name)) return name;
        return Find(zone.Id) is not null
            ? zone.Id
            : throw RequestException.Missing(Field, "The server's own time zone has no name; send one such as Europe/Berlin.");
    }

    public static RequestException Unknown(string name)
    {
        string[] known = [.. TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id)];
        var city = known.FirstOrDefault(one => one.EndsWith($"/{name.Replace(' ', '_')}", StringComparison.OrdinalIgnoreCase));
        var suggestion = city is null ? Suggest(name, known) : $" Did you mean '{city}'?";
        return RequestException.Invalid(
            Field, $"'{Excerpt.Of(name)}' is not a time zone of this server.{suggestion} Use an IANA name such as Europe/Berlin or UTC.");
    }

    /// <summary>Among the zones of the same region first: there are more zones than names are compared.</summary>
    private static string Suggest(string name, string[] known)
    {
        var region = name.Split('/')[0];
        return FieldCheck.Suggest(name, known.OrderBy(one => !one.StartsWith(region, StringComparison.OrdinalIgnoreCase)));
    }
}
