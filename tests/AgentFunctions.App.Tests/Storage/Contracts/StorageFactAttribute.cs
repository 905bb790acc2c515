using Xunit.Abstractions;
using Xunit.Sdk;

namespace AgentFunctions.App.Tests.Storage.Contracts;

/// <summary>A test of a contract. Classes that say <see cref="NeedsAzuriteAttribute"/> skip it, with the reason, where Azurite is not at hand.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("AgentFunctions.App.Tests.Storage.Contracts.StorageFactDiscoverer", "AgentFunctions.App.Tests")]
public sealed class StorageFactAttribute : FactAttribute;

/// <summary>This class runs its contract against Azurite.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsAzuriteAttribute : Attribute;

/// <summary>Finds the tests of contracts; a plain fact can't know which class inherits it.</summary>
public sealed class StorageFactDiscoverer(IMessageSink messages) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        [new StorageTestCase(messages, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod)];
}

/// <summary>A test that may have to be skipped because of its class.</summary>
public sealed class StorageTestCase : XunitTestCase
{
    [Obsolete("For xunit's deserializer.", error: true)]
    public StorageTestCase()
    {
    }

    public StorageTestCase(IMessageSink messages, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(messages, display, options, method)
    {
    }

    protected override string? GetSkipReason(IAttributeInfo factAttribute) =>
        base.GetSkipReason(factAttribute) ?? (TestMethod.TestClass.Class.GetCustomAttributes(typeof(NeedsAzuriteAttribute).AssemblyQualifiedName).Any() ? Azurite.AzuriteAtHand.WhyNot : null);
}
