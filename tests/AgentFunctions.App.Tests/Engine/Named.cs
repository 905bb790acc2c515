using DurableTask.Core;

namespace AgentFunctions.App.Tests.Engine;

/// <summary>Makes the engine's objects from their names.</summary>
internal sealed class Named<T>(Func<string, T?> make) : INameVersionObjectManager<T>
    where T : class
{
    public void Add(ObjectCreator<T> creator) => throw new NotSupportedException("The catalog says what there is.");

    public T? GetObject(string name, string? version) => make(name);
}
