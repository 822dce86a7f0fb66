using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using StashAI.Hosting.Files;
using StashAI.Hosting.Settings;
using StashAI.Queue.Model.Access;
using StashAI.Streams.Files;

namespace StashAI.Gateway.Settings;

/// <summary>
/// The keys of the environment: API_KEYS, separated by commas, and API_KEYS_FILE, one per line, where <c>#</c> begins a comment. A key has
/// at least 20 characters. A scope other than <c>submit</c> is written before it: <c>admin:...</c>. The file is read again when it changes.
/// </summary>
internal sealed class ConfiguredKeys
{
    public const string KeysSetting = "API_KEYS";
    public const string FileSetting = "API_KEYS_FILE";

    private const int ShortestKey = 20;
    private const int NameBytes = 4;
    private const int NameIterations = 20_000;

    private readonly IReadOnlyList<ApiKey> fixedKeys;
    private readonly string? file;
    private readonly Lock gate = new();
    private FileVersion version;
    private IReadOnlyList<ApiKey> fileKeys = [];
    private bool hasHadKeys;

    private ConfiguredKeys(IReadOnlyList<ApiKey> fixedKeys, string? file) => (this.fixedKeys, this.file) = (fixedKeys, file);

    /// <summary>No keys.</summary>
    public static ConfiguredKeys None { get; } = new([], null);

    /// <summary>The form of API_KEYS. Errors never contain an entry.</summary>
    public static SettingForm<IReadOnlyList<ApiKey>?> Form { get; } = new("`SCOPE:KEY` entries", "a list of keys", (text, out value) =>
    {
        value = [.. Parse(KeysSetting, text.Split(','))];
        return true;
    });

    /// <summary>
    /// True once the file has had a valid key. From then on everybody needs a key, even while the file is empty or broken. Otherwise
    /// rewriting the file would open the server for a moment.
    /// </summary>
    public bool AreRequired
    {
        get
        {
            lock (gate) return hasHadKeys;
        }
    }

    /// <summary>Reads the settings and the file.</summary>
    public static ConfiguredKeys Read(SettingsReader reader)
    {
        var file = reader.Read(GatewaySettings.ApiKeysFile);
        var keys = new ConfiguredKeys(reader.Read(GatewaySettings.ApiKeys) ?? [], file);
        if (file is not null && keys.Refresh() is { } problem) reader.Refuse(GatewaySettings.ApiKeysFile, problem);
        return keys;
    }

    /// <inheritdoc cref="Read"/>
    /// <exception cref="OptionsValidationException">
    /// A setting is not valid; the message names the setting and the entry, and never contains a key.
    /// </exception>
    public static ConfiguredKeys From(IConfiguration configuration) => SettingsReader.Bind(configuration, Read);

    /// <summary>The current keys. The keys of a missing or broken file stay as they were.</summary>
    /// <param name="onProblem">Receives each error of the file once.</param>
    public IReadOnlyList<ApiKey> Current(Action<string>? onProblem = null)
    {
        if (file is null) return fixedKeys;
        if (Refresh() is { } problem) onProblem?.Invoke($"{FileSetting} {problem}");
        lock (gate) return [.. fixedKeys, .. fileKeys];
    }

    /// <returns>What is wrong with the changed file, as the end of a sentence; null when nothing is wrong or nothing has changed.</returns>
    private string? Refresh()
    {
        lock (gate)
        {
            var now = FileVersion.Of(file!);
            if (now == version && now != FileVersion.None) return null;
            var isNew = now != version || !hasHadKeys;
            version = now;
            try
            {
                fileKeys = [.. Parse(
                    FileSetting, RegularFile.ReadAllLines(file!).Select(line => line.TrimStart().StartsWith('#') ? "" : line))];
                hasHadKeys |= fileKeys.Count > 0;
                return null;
            }
            catch (FormatException exception)
            {
                return $"is not valid: {exception.Message}";
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return isNew ? $"cannot be read: {exception.Message}" : null;
            }
        }
    }

    /// <summary>
    /// The name of a key, which jobs keep as their owner. It follows from the key, not from its position: another key at the same position
    /// of this or of another server must not own its jobs. Readers see the name, and its slow hash gives them no way to guess a weak key.
    /// </summary>
    private static string NameOf(string setting, byte[] hash) =>
        $"{setting}-{Convert.ToHexStringLower(
            Rfc2898DeriveBytes.Pbkdf2(hash, "stashai key name"u8, NameIterations, HashAlgorithmName.SHA256, NameBytes))}";

    private static IEnumerable<ApiKey> Parse(string setting, IEnumerable<string> entries)
    {
        var number = 0;
        foreach (var entry in entries)
        {
            number++;
            if (entry.Trim() is not { Length: > 0 } text) continue;
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            var scope = colon < 0 ? null : ApiScopeWords.Parse(text[..colon]);
            var key = scope is null ? text : text[(colon + 1)..].Trim();
            if (key.Length < ShortestKey || key.AsSpan().ContainsAnyExceptInRange('!', '~'))
            {
                throw new FormatException(
                    $"entry {number} must be a key of at least {ShortestKey} visible characters without spaces, "
                    + $"with its scope before it ({ApiScopeWords.All}), such as read:KEY; openssl rand -base64 32 creates a good one.");
            }

            if (ApiKeyText.IsTicket(key))
            {
                throw new FormatException($"entry {number} begins like a ticket; choose a key with another beginning.");
            }

            var hash = ApiKeyText.HashOf(key);
            var name = NameOf(setting, hash);
            yield return new ApiKey(name, hash, name, scope ?? ApiScope.Submit, default, null);
        }
    }
}
