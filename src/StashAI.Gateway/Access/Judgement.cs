namespace StashAI.Gateway.Access;

/// <summary>What a shown key or ticket is worth.</summary>
/// <param name="Caller">Whom it stands for; null for a wrong one.</param>
/// <param name="IsTooMany">It is wrong, and too many wrong ones came from its address.</param>
internal readonly record struct Judgement(Caller? Caller, bool IsTooMany);
