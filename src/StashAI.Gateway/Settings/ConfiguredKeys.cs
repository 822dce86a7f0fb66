using StashAI.Queue.Model.Access;

namespace StashAI.Gateway.Settings;

/// <summary>
/// Keys of the environment: API_KEYS, separated by commas, and API_KEYS_FILE, one a line, where <c>#</c> begins a comment. Each is a text of
/// at least 20 characters, with a scope before it if it is not to be <c>submit</c>: <c>admin:...</c>.
/// </summary>
internal static class ConfiguredKeys
{
    public const string KeysSetting = "API_KEYS";
    public const string FileSetting = "API_KEYS_FILE";

    private const int ShortestKey = 20;

    /// <summary>Reads them. Their texts are in no message.</summary>
    /// <exception cref="InvalidOperationException">A setting is not usable; the message names it and the entry.</exception>
    public static IReadOnlyList<ApiKey> From(IConfiguration configuration) =>
    [
        .. Parse(KeysSetting, (configuration[KeysSetting] ?? "").Split(',')),
        .. Parse(FileSetting, ReadFile(configuration[FileSetting])),
    ];

    private static IEnumerable<string> ReadFile(string? path)
    {
        if (string.IsNullOrWhiteSpace(path)) return [];
        try
        {
            return File.ReadAllLines(path.Trim()).Select(line => line.TrimStart().StartsWith('#') ? "" : line);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InvalidOperationException($"{FileSetting} cannot be read: {error.Message}");
        }
    }

    private static IEnumerable<ApiKey> Parse(string setting, IEnumerable<string> entries)
    {
        var number = 0;
        foreach (var entry in entries)
        {
            number++;
            if (entry.Trim() is not { Length: > 0 } text) continue;
            var name = $"{setting}[{number}]";
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            var scope = colon < 0 ? null : ApiScopeWords.Parse(text[..colon]);
            var key = scope is null ? text : text[(colon + 1)..].Trim();
            if (key.Length < ShortestKey || key.AsSpan().ContainsAnyExceptInRange('!', '~'))
            {
                throw new InvalidOperationException(
                    $"{setting} cannot be used: entry {number} must be a key of at least {ShortestKey} visible characters without spaces, "
                    + $"with its scope before it ({ApiScopeWords.All}), such as read:KEY; openssl rand -base64 32 makes a good one.");
            }

            if (ApiKeyText.IsTicket(key))
            {
                throw new InvalidOperationException($"{setting} cannot be used: entry {number} begins like a ticket; choose a key that begins otherwise.");
            }

            yield return new ApiKey(name, ApiKeyText.HashOf(key), name, scope ?? ApiScope.Submit, default, null);
        }
    }
}
