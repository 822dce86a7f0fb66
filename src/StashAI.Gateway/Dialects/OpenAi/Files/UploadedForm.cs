using System.Globalization;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Dialects.OpenAi.Files;

/// <summary>
/// Reads the form of an upload: the file goes to <paramref name="store"/> while it arrives, since clients send it before its purpose.
/// </summary>
/// <param name="limits">The limits of texts.</param>
/// <param name="store">Stores the bytes of the file, and returns how many there were.</param>
internal sealed class UploadedForm(IntakeLimits limits, Func<Stream, CancellationToken, Task<long>> store)
    : ArrivingForm("file", "the fields file and purpose", limits)
{
    private const string LifetimeField = "expires_after";

    private readonly Dictionary<string, string> texts = [];

    /// <summary>The bytes of the file.</summary>
    public long Size { get; private set; }

    /// <summary>What the client keeps the file for.</summary>
    /// <exception cref="RequestException">The form has none.</exception>
    public string Purpose => texts.TryGetValue("purpose", out var purpose) && purpose.Length > 0
        ? purpose
        : throw RequestException.Missing("purpose", "purpose is missing: send batch for the lines of a batch.");

    /// <summary>How long the file is kept; null for the usual time.</summary>
    public TimeSpan? Expiry
    {
        get
        {
            const string anchorField = $"{LifetimeField}[anchor]";
            const string secondsField = $"{LifetimeField}[seconds]";
            if (texts.Keys.FirstOrDefault(name => IsOfLifetime(name) && name is not (anchorField or secondsField)) is { } other)
                throw RequestException.Invalid(Excerpt.Of(other), $"is not a field of this form: send {anchorField} and {secondsField}.");
            long? seconds = null;
            if (texts.TryGetValue(secondsField, out var text))
            {
                if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    || number is < Lifetime.Least or > Lifetime.Most)
                {
                    throw RequestException.Invalid(secondsField, $"must be a whole number from {Lifetime.Least} to {Lifetime.Most}.");
                }

                seconds = number;
            }

            return Lifetime.Of(texts.GetValueOrDefault(anchorField), seconds, anchorField, secondsField);
        }
    }

    /// <summary>True for a field that means the lifetime, however it is written.</summary>
    private static bool IsOfLifetime(string name) => name.StartsWith(LifetimeField, StringComparison.Ordinal)
        && (name.Length == LifetimeField.Length || name[LifetimeField.Length] is '[' or '.');

    protected override async Task StoreAsync(Stream bytes, string? contentType, CancellationToken cancellationToken) =>
        Size = await store(bytes, cancellationToken);

    protected override void Add(string name, string text)
    {
        if (!texts.TryAdd(name, text)) throw RequestException.Repeated(name);
    }
}
