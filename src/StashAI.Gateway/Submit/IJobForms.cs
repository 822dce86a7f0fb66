using StashAI.Sdk;

namespace StashAI.Gateway.Submit;

/// <summary>The forms of jobs for some services, whichever route their bodies come by.</summary>
internal interface IJobForms
{
    /// <summary>The form of a batch for an operation; null when its bodies have no form of their own.</summary>
    JobFormOpener? Find(IServiceAdapter service, AdapterOperation operation);
}
