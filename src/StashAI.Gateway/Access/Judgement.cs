namespace StashAI.Gateway.Access;

/// <summary>The result of checking a key or ticket.</summary>
/// <param name="Caller">The caller; null for a wrong key or ticket.</param>
/// <param name="IsTooMany">True when it is wrong and its address has sent too many wrong ones.</param>
internal readonly record struct Judgement(Caller? Caller, bool IsTooMany)
{
    /// <summary>When the key expired; null when that is not why it is refused.</summary>
    public DateTimeOffset? ExpiredAt { get; init; }
}
