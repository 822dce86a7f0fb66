namespace StashAI.Testing.ScriptedServices;

/// <summary>Settings of one <see cref="ScriptedService"/>.</summary>
public sealed record ScriptedServiceOptions
{
    /// <summary>
    /// Names the item that a call is about; the ledger counts tries per item. The default is the header <c>X-Item</c>,
    /// and without it the SHA-256 of the body.
    /// </summary>
    public Func<ScriptedCall, string> Item { get; init; } = call => call.Header("X-Item") ?? call.BodySha256;

    /// <summary>Keep bodies, or hash them as they arrive (for bodies of many megabytes).</summary>
    public BodyHandling Bodies { get; init; } = BodyHandling.Keep;

    /// <summary>
    /// False: body and headers are shown to the script and then forgotten, so that the ledger of a million calls stays small.
    /// </summary>
    public bool LedgerKeepsCalls { get; init; } = true;

    /// <summary>The clock that stamps the ledger.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How long the waits of the ledger go on before they fail and say what was seen so far.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);
}
