using AgentFunctions.Local;
using AgentFunctions.Local.CommandLine;

return await new AgentFunctionsCommand(Terminal.ForThisProcess(), new LocalHostFactory(), TimeProvider.System).InvokeAsync(args);
