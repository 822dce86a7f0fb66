using StashAI.Gateway.Access;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Lanes;

namespace StashAI.Gateway.Routes.Services;

/// <summary>Changes and removes services that were made of curl commands. Files of the operator are only read.</summary>
internal sealed class DeclarationChangeRoutes(
    OwnDeclarations declarations, ServiceCatalog catalog, ServiceUsers users, QueueEngine engine, BodyReader bodies, AuditLog audit)
{
    private static LimitPatch NothingSet { get; } = new() { SetsMaxRunning = true, SetsRate = true, SetsBurst = true, SetsHours = true };

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
        var (file, stored, declaration) = declarations.Check(name, text);
        if (catalog.Find(name) is { } before) await users.RefuseLossAsync(before, declaration, context.RequestAborted);
        await declarations.WriteAsync(name, file, stored, replaces: true, context.RequestAborted);
        await audit.WriteAsync(context, "change", "service", name);
        await DeclarationRoute.ShowAsync(context, catalog, folders, variables, declarations, name);
    }

    private async Task RemoveAsync(HttpContext context, string name)
    {
        RefuseBuiltIn(name);
        declarations.Require(name);
        await users.RefuseRemovalAsync(name, context.RequestAborted);
        await declarations.RemoveAsync(name, context.RequestAborted);
        // What people have set belongs to this service, not to another that gets its name some day.
        await engine.SetLimitsAsync(name, NothingSet, CancellationToken.None);
        await engine.PauseServiceAsync(name, paused: false, CancellationToken.None);
        await audit.WriteAsync(context, "delete", "service", name);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private void RefuseBuiltIn(string name)
    {
        if (catalog.IsBuiltIn(name))
            throw new RequestException(Problem.Conflict($"{name} is built in, and stays as it is."));
    }
}
