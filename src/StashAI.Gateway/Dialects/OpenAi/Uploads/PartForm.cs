using StashAI.Gateway.Settings;

namespace StashAI.Gateway.Dialects.OpenAi.Uploads;

/// <summary>Reads the form of a part, whose bytes go to <paramref name="store"/> while they arrive.</summary>
/// <param name="limits">The limits of texts.</param>
/// <param name="store">Stores the bytes.</param>
internal sealed class PartForm(IntakeLimits limits, Func<Stream, CancellationToken, Task<long>> store)
    : ArrivingForm("data", "the part data", limits)
{
    protected override Task StoreAsync(Stream bytes, string? contentType, CancellationToken cancellationToken) =>
        store(bytes, cancellationToken);

    /// <summary>Other fields are left alone, as OpenAI does.</summary>
    protected override void Add(string name, string text)
    {
    }
}
