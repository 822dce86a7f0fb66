using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Gateway.Dialects.Batches;
using StashAI.Gateway.Tests.Routes;
using StashAI.Queue.Model.Files;
using StashAI.Queue.Store;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Dialects.OpenAi;

/// <summary>A client that goes away while it cancels a batch.</summary>
public sealed class BatchCancelTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_that_goes_away_in_the_middle_has_cancelled_its_batch()
    {
        using var gone = new CancellationTokenSource();
        await using var host = await OpenAiHost.StartAsync(configure: builder =>
        {
            builder.Services.AddSingleton<IStartupFilter>(new LeavingClient(gone.Token));
            builder.Host.UseServiceProviderFactory(new LeavingFactory(gone));
        });
        host.Engine.Script = _ => Reply.Hang();
        var batch = (await host.SubmitAsync("", OpenAiHost.Line("a", "x"))).Text("id");
        await host.UntilAsync(batch, "in_progress");
        await host.Engine.Ledger.WaitForCallsAsync(1, Cancellation);

        // Nobody sees this answer.
        using var answer = await host.Gateway.SendAsync(HttpMethod.Post, $"/v1/batches/{batch}/cancel");

        Assert.True(gone.IsCancellationRequested);
        await host.Engine.Ledger.WaitForDisconnectAsync(Cancellation);
        Assert.False((await host.UntilAsync(batch, "cancelled")).IsNull("cancelling_at"));
    }

    [Fact]
    public void No_cancel_begins_after_its_end()
    {
        var noted = new DateTimeOffset(2031, 5, 1, 12, 0, 0, TimeSpan.Zero);

        Assert.Equal(noted.AddSeconds(-1), CancelStart.Of(noted, noted.AddSeconds(-1), true));
        Assert.Equal(noted, CancelStart.Of(noted, noted.AddSeconds(1), true));
        Assert.Equal(noted, CancelStart.Of(noted, null, false));
        Assert.Equal(noted, CancelStart.Of(null, noted, true));
        Assert.Null(CancelStart.Of(null, noted, false));
    }

    /// <summary>The connection of a request that cancels is this token.</summary>
    private sealed class LeavingClient(CancellationToken gone) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, go) =>
            {
                if (context.Request.Path.Value!.EndsWith("/cancel", StringComparison.Ordinal)) context.RequestAborted = gone;
                return go(context);
            });
            next(app);
        };
    }

    /// <summary>Puts <see cref="LeavingBatches"/> before the store of batches.</summary>
    private sealed class LeavingFactory(CancellationTokenSource gone) : IServiceProviderFactory<IServiceCollection>
    {
        public IServiceCollection CreateBuilder(IServiceCollection services) => services;

        public IServiceProvider CreateServiceProvider(IServiceCollection containerBuilder)
        {
            var store = (IFileBatches)containerBuilder.Last(one => one.ServiceType == typeof(IFileBatches)).ImplementationInstance!;
            containerBuilder.AddSingleton(LeavingBatches.Before(store, gone));
            return containerBuilder.BuildServiceProvider();
        }
    }

    /// <summary>The client is gone as soon as the cancel of its batch is noted.</summary>
    public class LeavingBatches : DispatchProxy
    {
        private IFileBatches store = null!;
        private CancellationTokenSource gone = null!;

        public static IFileBatches Before(IFileBatches store, CancellationTokenSource gone)
        {
            var proxy = Create<IFileBatches, LeavingBatches>();
            var own = (LeavingBatches)(object)proxy;
            (own.store, own.gone) = (store, gone);
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name == "CancelBatchAsync"
            ? CancelAsync((Guid)args![0]!, (CancellationToken)args[1]!)
            : targetMethod.Invoke(store, args);

        private async Task<FileBatch?> CancelAsync(Guid id, CancellationToken cancellationToken)
        {
            var noted = await store.CancelBatchAsync(id, cancellationToken);
            await gone.CancelAsync();
            return noted;
        }
    }
}
