using MtlHybrid.Cli;
using MtlHybrid.Cli.Output;

Terminal terminal = Terminal.OfProcess();
using var interruption = new Interruption(() => terminal.Note("stopping; once more ends at once"));
return Application.Run(args, terminal, interruption.Token);
