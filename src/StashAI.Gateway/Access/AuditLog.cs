using System.Text.Json;
using StashAI.Hosting.Clients;
using StashAI.Queue.Model.Audit;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Access;

/// <summary>Writes what people change. A route calls it after the change, once for each request.</summary>
internal sealed class AuditLog(IAudit store)
{
    /// <param name="context">The request, whose caller and address are noted.</param>
    /// <param name="action">What was done, as a word.</param>
    /// <param name="targetKind">What it was done to, as a word.</param>
    /// <param name="targetId">The id or name of it; null for all of them.</param>
    /// <param name="details">An object that is written as JSON, such as <c>new { priority = 9 }</c>; null for nothing.</param>
    public Task WriteAsync(HttpContext context, string action, string targetKind, object? targetId, object? details = null) =>
        store.AddAuditAsync(
            new AuditEntry(
                NameOf(CallerIdentity.Of(context.User)), action, targetKind, targetId?.ToString(), context.ClientAddress().ToString(),
                details is null ? null : JsonSerializer.Serialize(details, details.GetType())),
            // It has happened, whether or not the client still waits.
            CancellationToken.None);

    /// <summary>The caller as the log names it.</summary>
    public static string NameOf(Caller? caller) =>
        caller?.KeyName ?? (caller == Caller.Owner ? AuditEntry.Local : AuditEntry.Anonymous);
}
