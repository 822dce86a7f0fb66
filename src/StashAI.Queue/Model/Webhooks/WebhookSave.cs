namespace StashAI.Queue.Model.Webhooks;

/// <summary>What came of a change of a webhook.</summary>
public enum WebhookSave
{
    Saved,

    /// <summary>Another one has the name.</summary>
    NameTaken,

    /// <summary>Somebody else was faster, or it is gone.</summary>
    Outdated,
}
