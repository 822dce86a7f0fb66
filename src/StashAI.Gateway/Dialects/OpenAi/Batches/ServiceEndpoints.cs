using StashAI.Gateway.Submit;
using StashAI.Gateway.Upstreams.Services;

namespace StashAI.Gateway.Dialects.OpenAi.Batches;

/// <summary>
/// Endpoints of batches that are operations of declared services: <c>/services/NAME/OPERATION</c>. The body of each line is an item, as
/// <c>POST /api/NAME/batch/OPERATION</c> takes it.
/// </summary>
internal sealed class ServiceEndpoints(ServiceCatalog catalog, IEnumerable<IJobForms> forms)
{
    private const string Root = "/services/";

    /// <summary>True for the form of such an endpoint, whether or not there is the service.</summary>
    public static bool Is(string endpoint) => endpoint.StartsWith(Root, StringComparison.Ordinal);

    /// <summary>The form of a job for an endpoint; null for one that no service has.</summary>
    public JobFormOpener? Find(string endpoint)
    {
        if (!Is(endpoint) || endpoint[Root.Length..].Split('/') is not [var name, var operation]) return null;
        if (catalog.Find(name) is not { } service || service.Find(operation) is not { } found) return null;
        return forms.Select(form => form.Find(service.Adapter, found.Operation)).FirstOrDefault(open => open is not null);
    }
}
