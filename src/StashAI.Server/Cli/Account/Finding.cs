namespace StashAI.Server.Cli.Account;

/// <summary>One line of `doctor`.</summary>
/// <param name="Level">How bad it is.</param>
/// <param name="Check">What was looked at, as a word.</param>
/// <param name="Detail">What was found, and what to do.</param>
internal sealed record Finding(FindingLevel Level, string Check, string Detail);

/// <summary>How bad a finding is.</summary>
internal enum FindingLevel
{
    Ok,
    Warning,
    Error,
}
