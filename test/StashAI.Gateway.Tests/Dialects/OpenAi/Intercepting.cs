using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace StashAI.Gateway.Tests.Dialects.OpenAi;

/// <summary>Puts a test before a part of the store: what it does not answer itself goes on to the part.</summary>
internal static class Intercepting
{
    /// <param name="inner">The part.</param>
    /// <param name="answer">Answers a call of a method, with its arguments; null lets the part answer.</param>
    public static T Before<T>(T inner, Func<string, object?[], object?> answer)
        where T : class
    {
        var proxy = DispatchProxy.Create<T, Intercepted<T>>();
        ((Intercepted<T>)(object)proxy).Answers(inner, answer);
        return proxy;
    }

    /// <summary>Stands before the part that a gateway is built with.</summary>
    public static void In<T>(WebApplicationBuilder builder, Func<string, object?[], object?> answer)
        where T : class => builder.Host.UseServiceProviderFactory(new Factory<T>(answer));

    /// <summary>The part is registered behind what a test may register.</summary>
    private sealed class Factory<T>(Func<string, object?[], object?> answer) : IServiceProviderFactory<IServiceCollection>
        where T : class
    {
        public IServiceCollection CreateBuilder(IServiceCollection services) => services;

        public IServiceProvider CreateServiceProvider(IServiceCollection containerBuilder)
        {
            var inner = (T)containerBuilder.Last(one => one.ServiceType == typeof(T)).ImplementationInstance!;
            containerBuilder.AddSingleton(Before(inner, answer));
            return containerBuilder.BuildServiceProvider();
        }
    }
}

/// <summary>A part with a test before it.</summary>
/// <typeparam name="T">The interface of the part.</typeparam>
public class Intercepted<T> : DispatchProxy
    where T : class
{
    private Func<string, object?[], object?> answer = null!;

    /// <summary>The part itself.</summary>
    public T Inner { get; private set; } = null!;

    /// <summary>Says what stands before which part.</summary>
    public void Answers(T inner, Func<string, object?[], object?> answer) => (Inner, this.answer) = (inner, answer);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        answer(targetMethod!.Name, args!) ?? targetMethod.Invoke(Inner, args);
}
