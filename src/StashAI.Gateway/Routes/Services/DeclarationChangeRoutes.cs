using StashAI.Gateway.Access;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Services;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Services;

/// <summary>Changes and removes services that were made of curl commands. Files of the operator are only read.</summary>
internal sealed class DeclarationChangeRoutes(
    OwnDeclarations declarations, ServiceCatalog catalog, ServiceRegistry registry, IRead store, BodyReader bodies, AuditLog audit)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPatch(
            "/api/services/{name}/declaration",
            (HttpContext context, DeclarationChangeRoutes own, ServiceSettings folders, ServiceVariables variables, string name) =>
                own.ChangeAsync(context, folders, variables, name))
            .Describe(ServiceDocs.ChangeDeclaration).Needs(ApiScope.Admin);
        routes.MapDelete(
            "/api/services/{name}", (HttpContext context, DeclarationChangeRoutes own, string name) => own.RemoveAsync(context, name))
            .Describe(ServiceDocs.Remove).Needs(ApiScope.Admin);
    }

    private async Task ChangeAsync(HttpContext context, ServiceSettings folders, ServiceVariables variables, string name)
    {
        if (!await BodyReader.HasBodyAsync(context)) throw RequestException.Missing("text", "Send the declaration in text.");
        using var body = await bodies.ReadAsync(context);
        if (body is null) return;
        var fields = JsonFields.Root(body.Root);
        fields.RefuseUnknown("text");
        var text = fields.Text("text") ?? throw RequestException.Missing("text", "Send the declaration in text.");
        RefuseBuiltIn(name);
        await declarations.ChangeAsync(name, text, context.RequestAborted);
        await audit.WriteAsync(context, "change", "service", name);
        await DeclarationRoute.ShowAsync(context, catalog, folders, variables, declarations, name);
    }

    private async Task RemoveAsync(HttpContext context, string name)
    {
        RefuseBuiltIn(name);
        declarations.Require(name);
        var depths = await store.ReadDepthsAsync(context.RequestAborted);
        if (depths.FirstOrDefault(depth => depth.Service == name) is { Open: > 0 and var open })
        {
            throw new RequestException(Problem.Conflict(
                $"{open} tasks of {name} wait or run, and nothing could call them: cancel their jobs first, or wait for their end."));
        }

        await declarations.RemoveAsync(name, context.RequestAborted);
        await audit.WriteAsync(context, "delete", "service", name);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private void RefuseBuiltIn(string name)
    {
        if (catalog.Find(name) is null && registry.Find(name) is not null)
            throw new RequestException(Problem.Conflict($"{name} is built in, and stays as it is."));
    }
}
