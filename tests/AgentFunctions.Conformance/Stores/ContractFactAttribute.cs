using Xunit.Abstractions;
using Xunit.Sdk;

namespace AgentFunctions.Conformance.Stores;

/// <summary>A test of a contract. Classes that say what they need, by a <see cref="NeedsAttribute"/>, skip it, with the reason, where that is not at hand.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("AgentFunctions.Conformance.Stores.ContractFactDiscoverer", "AgentFunctions.Conformance")]
public sealed class ContractFactAttribute : FactAttribute;

/// <summary>This class runs its contract against something that is not everywhere.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class NeedsAttribute : Attribute
{
    /// <summary>Why its tests are skipped, or null where they run.</summary>
    public abstract string? WhyNot { get; }
}

/// <summary>Finds the tests of contracts; a plain fact can't know which class inherits it.</summary>
public sealed class ContractFactDiscoverer(IMessageSink messages) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        [new ContractTestCase(messages, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod)];
}

/// <summary>A test that may have to be skipped because of its class.</summary>
public sealed class ContractTestCase : XunitTestCase
{
    [Obsolete("For xunit's deserializer.", error: true)]
    public ContractTestCase()
    {
    }

    public ContractTestCase(IMessageSink messages, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(messages, display, options, method)
    {
    }

    protected override string? GetSkipReason(IAttributeInfo factAttribute) =>
        base.GetSkipReason(factAttribute) ?? TestMethod.TestClass.Class.GetCustomAttributes(typeof(NeedsAttribute).AssemblyQualifiedName)
            .OfType<IReflectionAttributeInfo>().Select(needs => ((NeedsAttribute)needs.Attribute).WhyNot).FirstOrDefault(reason => reason is not null);
}
