using System.Globalization;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Wire.Requests;

/// <summary><c>Prefer: wait=N</c> (RFC 7240): how many seconds the answer may wait for the result.</summary>
internal static class Preference
{
    private const string Header = "Prefer";

    /// <summary>The longest wait: proxies close connections after about a minute.</summary>
    public const int MaxSeconds = 60;

    /// <summary>How long to wait; null if not requested. Other preferences are ignored, as the RFC requires.</summary>
    /// <exception cref="RequestException"><c>wait</c> is not a number of seconds.</exception>
    public static TimeSpan? WaitOf(HttpRequest request)
    {
        foreach (var line in request.Headers[Header])
        {
            foreach (var preference in (line ?? "").Split(',', StringSplitOptions.TrimEntries))
            {
                var token = preference.Split(';', 2)[0];
                var at = token.IndexOf('=', StringComparison.Ordinal);
                if (!(at < 0 ? token : token[..at]).AsSpan().Trim().Equals("wait", StringComparison.OrdinalIgnoreCase)) continue;
                var number = at < 0 ? "" : token.AsSpan(at + 1).Trim().Trim('"').ToString();
                if (number.Length == 0 || !number.All(char.IsAsciiDigit))
                {
                    throw RequestException.Invalid(
                        Header,
                        $"'{Excerpt.Of(preference)}' is not valid; use wait=N with whole seconds, {MaxSeconds} at most, such as wait=30.");
                }

                return TimeSpan.FromSeconds(int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                    ? Math.Min(seconds, MaxSeconds)
                    : MaxSeconds);
            }
        }

        return null;
    }

    /// <summary>Reports the applied preference.</summary>
    public static void Applied(HttpResponse response, TimeSpan wait) =>
        response.Headers["Preference-Applied"] = string.Create(CultureInfo.InvariantCulture, $"wait={(int)wait.TotalSeconds}");
}
