using StashAI.Sdk;

namespace StashAI.Gateway.Submit;

/// <summary>The forms of jobs for some services, the same for all routes.</summary>
internal interface IJobForms
{
    /// <summary>The form of a batch for an operation; null when it has no special form.</summary>
    JobFormOpener? Find(IServiceAdapter service, AdapterOperation operation);
}
