namespace StashAI.Storage.Payloads.Objects;

/// <summary>Objects for the large parts of uploads.</summary>
/// <param name="Address">Where they are.</param>
/// <param name="Keys">Who uses them; null for whom AWS's own tools would use, such as a profile or a role.</param>
public sealed record S3Settings(S3Address Address, S3Keys? Keys);

/// <summary>An access key.</summary>
/// <param name="Id">Its id, which is no secret but is not printed either.</param>
/// <param name="Secret">The secret.</param>
/// <param name="SessionToken">What belongs to a key for a time; null for one that lasts.</param>
public sealed record S3Keys(string Id, string Secret, string? SessionToken)
{
    /// <summary>Nothing of it.</summary>
    public override string ToString() => "***";
}
