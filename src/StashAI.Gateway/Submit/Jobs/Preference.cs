using System.Globalization;

namespace StashAI.Gateway.Submit.Jobs;

/// <summary>`Prefer: wait=N` (RFC 7240): the answer may wait for the result that long, in seconds.</summary>
internal static class Preference
{
    /// <summary>Nobody waits longer: connections in between are cut after a minute or so.</summary>
    public const int MaxSeconds = 60;

    /// <summary>How long to wait; null when the client did not ask. What cannot be understood is passed over, as the RFC says.</summary>
    public static TimeSpan? WaitOf(HttpRequest request)
    {
        foreach (var line in request.Headers["Prefer"])
        {
            foreach (var preference in (line ?? "").Split(',', StringSplitOptions.TrimEntries))
            {
                var token = preference.Split(';', 2)[0];
                var at = token.IndexOf('=', StringComparison.Ordinal);
                if (at < 0 || !token.AsSpan(0, at).Trim().Equals("wait", StringComparison.OrdinalIgnoreCase)) continue;
                var number = token.AsSpan(at + 1).Trim().Trim('"');
                if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
                    return TimeSpan.FromSeconds(Math.Min(seconds, MaxSeconds));
            }
        }

        return null;
    }

    /// <summary>Says what was done about it.</summary>
    public static void Applied(HttpResponse response, TimeSpan wait) =>
        response.Headers["Preference-Applied"] = string.Create(CultureInfo.InvariantCulture, $"wait={(int)wait.TotalSeconds}");
}
