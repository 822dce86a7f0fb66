using StashAI.Hosting.Settings;
using StashAI.Queue.Policies;
using StashAI.Queue.Settings;
using StashAI.Server.Options;

namespace StashAI.Server.Hosting;

/// <summary>Settings of the queue that are not flags.</summary>
internal static class QueueSettings
{
    /// <summary>How often a process renews its lease within its duration.</summary>
    private const int HeartbeatsPerLease = 5;

    public static QueueOptions Read(SettingsReader reader, int workers)
    {
        var lease = reader.Read(ServerSettings.NodeLease);
        return new QueueOptions
        {
            Workers = workers,
            Labels = reader.Read(ServerSettings.WorkerLabels) ?? LabelSet.Empty,
            MaxPause = reader.Read(ServerSettings.RetryAfterMax),
            Lease = lease,
            Heartbeat = lease / HeartbeatsPerLease,
            Retention = ReadRetention(reader),
            AuditRetention = reader.Read(ServerSettings.RetentionAudit),
            WebhookRetention = reader.Read(ServerSettings.RetentionWebhooks),
            UploadRetention = reader.Read(ServerSettings.RetentionUploads),
            ResultRetention = reader.Read(ServerSettings.RetentionResults),
            DiskLowBytes = reader.Read(ServerSettings.DiskLow),
        };
    }

    private static RetentionPolicy ReadRetention(SettingsReader reader)
    {
        var failed = reader.Read(ServerSettings.RetentionFailed);
        return RetentionPolicy.Default with
        {
            Completed = reader.Read(ServerSettings.RetentionCompleted),
            Partial = failed,
            Failed = failed,
            Cancelled = reader.Read(ServerSettings.RetentionCancelled),
            Inputs = reader.Read(ServerSettings.RetentionInputs),
        };
    }
}
