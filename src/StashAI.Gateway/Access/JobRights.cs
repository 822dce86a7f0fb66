using StashAI.Gateway.Settings;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Gateway.Access;

/// <summary>
/// Who may change a job: the scope <c>operate</c> any, the scope <c>submit</c> its own. A job is the caller's own if it was submitted with
/// the key of the same name, or by anybody without a key for callers without one.
/// </summary>
internal static class JobRights
{
    /// <summary>Refuses a change of a job that is not the caller's own.</summary>
    /// <exception cref="RequestException">The caller may not change it; the answer is 403.</exception>
    public static void RequireOwn(this HttpContext context, JobView job)
    {
        if (!context.IsOperator() && job.Owner != context.KeyName()) throw NotOwn("This job was submitted by somebody else");
    }

    /// <summary>Leaves the caller's own jobs of a query, unless the caller may change all.</summary>
    public static JobQuery Own(this HttpContext context, JobQuery query)
    {
        if (context.IsOperator()) return query;
        if (context.KeyName() is not { } name) return query with { OnlyUnowned = true };
        return query.Owner is null || query.Owner == name
            ? query with { Owner = name }
            : throw NotOwn($"The filter asks for jobs of {query.Owner}");
    }

    /// <summary>Refuses a change of what somebody else asked for.</summary>
    public static void RequireOwn(this HttpContext context, string? askedBy)
    {
        if (!context.IsOperator() && askedBy != context.KeyName()) throw NotOwn("This bulk operation was started by somebody else");
    }

    /// <summary>Refuses a change of something that belongs to another key.</summary>
    /// <param name="context">The request.</param>
    /// <param name="owner">The name of the key that it belongs to; null for nobody's.</param>
    /// <param name="what">What is refused, as the beginning of a sentence.</param>
    public static void RequireOwner(this HttpContext context, string? owner, string what)
    {
        if (!context.IsOperator() && owner != context.KeyName()) throw NotOwn(what);
    }

    /// <summary>True for a caller who may act on everybody's work.</summary>
    public static bool IsOperator(this HttpContext context) =>
        CallerIdentity.Of(context.User) is { } caller && caller.Scope.Includes(ApiScope.Operate);

    /// <summary>The name of the caller's API key; null without one.</summary>
    public static string? KeyName(this HttpContext context) => CallerIdentity.Of(context.User)?.KeyName;

    private static RequestException NotOwn(string what) => new(
        ApiKeyHandler.InsufficientScope(ApiScopeWords.Of(ApiScope.Operate), null) with
        {
            Detail = $"{what}: changing it needs an API key of the scope operate. The scope submit changes its own jobs only.",
        });
}
