using System.Text;
using AgentFunctions.Api;
using AgentFunctions.App.Durable;
using AgentFunctions.App.ServiceBus;
using AgentFunctions.Core.Stores;
using Grpc.Core;
using Microsoft.DurableTask.Client.Grpc;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Moq;
using P = Microsoft.DurableTask.Protobuf;

namespace AgentFunctions.App.Tests.ServiceBus;

/// <summary>What goes over the wire to the Functions host when a message starts a run, from Durable Functions' own gRPC client.</summary>
public sealed class StartTraceTests
{
    [Theory]
    [InlineData("01")]
    [InlineData("00")]
    public async Task Process_MessageWithATrace_IsSentToTheHostAsTheRunsParent(string flags)
    {
        using var trace = new StartTrace();
        await trace.StartAsync(default);
        var wire = new Wire();
        var catalog = AppServices.CreateCatalog();
        await using var client = new GrpcDurableTaskClient("test", new GrpcDurableTaskClientOptions { CallInvoker = wire }, NullLogger.Instance);
        var environment = new ApiEnvironment(catalog, new MemoryContentStore(), Options.Create(new ApiOptions()), Mock.Of<IHostState>(), TimeProvider.System, NullLogger<ApiEnvironment>.Instance);
        var message = new AgentTaskMessage
        {
            MessageId = "m-1",
            Subject = "ToolFanOut",
            Body = Encoding.UTF8.GetBytes("""{"calls":[{"tool":"echo","arguments":{"value":1}}]}"""),
            ApplicationProperties = new Dictionary<string, object> { ["traceparent"] = $"00-33333333333333333333333333333333-b7ad6b7169203331-{flags}", ["tracestate"] = "vendor=1" },
        };

        var done = await new AgentTaskProcessor(environment, TimeProvider.System, NullLogger<AgentTaskProcessor>.Instance)
            .ProcessAsync(message, new FunctionsRunClient(client, catalog, new MemoryCancellationBoard(), new RunHistory(Mock.Of<IHostHistory>()), TimeProvider.System), default);

        Assert.IsType<Disposition.Complete>(done);
        var sent = Assert.Single(wire.Starts);
        Assert.Matches($"^00-33333333333333333333333333333333-[0-9a-f]{{16}}-{flags}$", sent.ParentTraceContext.TraceParent);
        Assert.Equal("vendor=1", sent.ParentTraceContext.TraceState);
    }

    /// <summary>The host's end of the wire: it knows no run, and takes every start.</summary>
    private sealed class Wire : CallInvoker
    {
        public List<P.CreateInstanceRequest> Starts { get; } = [];

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
        {
            object answer = request switch
            {
                P.GetInstanceRequest => new P.GetInstanceResponse { Exists = false },
                P.CreateInstanceRequest start => Started(start),
                _ => throw new NotSupportedException(method.FullName),
            };
            return new AsyncUnaryCall<TResponse>(Task.FromResult((TResponse)answer), Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
        }

        public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

        private P.CreateInstanceResponse Started(P.CreateInstanceRequest start)
        {
            Starts.Add(start);
            return new P.CreateInstanceResponse { InstanceId = start.InstanceId };
        }
    }
}
