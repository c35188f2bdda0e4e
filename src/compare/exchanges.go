// Sends the requests of a plan with Go's unmodified net/http: `exchanges PLAN URL VERSION`. Each line of the plan
// and of the output is a JSON object; exchanges.py writes the plan and reads the output.
package main

import (
	"bufio"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"
)

type exchange struct {
	Method, Path, Body, Length string
	Number, Patience           int
}

type outcome struct {
	Number, Status  int
	Identity, Text  string
	Problem, Failed string
}

// pieces hides the type of its reader, so that net/http does not know the length of the body.
type pieces struct{ io.Reader }

func send(client *http.Client, url string, planned exchange) outcome {
	done := outcome{Number: planned.Number}
	var body io.Reader
	if planned.Length == "known" {
		body = strings.NewReader(planned.Body)
	} else if planned.Length == "unknown" {
		half := len(planned.Body) / 2
		body = pieces{io.MultiReader(strings.NewReader(planned.Body[:half]), strings.NewReader(planned.Body[half:]))}
	}
	request, err := http.NewRequest(planned.Method, url+planned.Path, body)
	if err == nil {
		var response *http.Response
		patient := *client
		patient.Timeout = time.Duration(planned.Patience) * time.Millisecond
		if response, err = patient.Do(request); err == nil {
			defer response.Body.Close()
			var text []byte
			text, err = io.ReadAll(response.Body)
			done.Status, done.Text = response.StatusCode, string(text)
			done.Identity = response.Header.Get("Identity")
			done.Problem = response.Header.Get("Tidegate-Problem")
		}
	}
	if err != nil {
		done.Failed = err.Error()
	}
	return done
}

func main() {
	plan, err := os.Open(os.Args[1])
	if err != nil {
		panic(err)
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, MaxIdleConnsPerHost: 16}
	if os.Args[3] == "2" {
		transport.ForceAttemptHTTP2 = true
	} else {
		transport.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
	}
	client := &http.Client{Transport: transport}
	queue := make(chan exchange)
	var mutex sync.Mutex
	var workers sync.WaitGroup
	for range 16 {
		workers.Go(func() {
			for planned := range queue {
				line, _ := json.Marshal(send(client, os.Args[2], planned))
				mutex.Lock()
				fmt.Println(string(line))
				mutex.Unlock()
			}
		})
	}
	lines := bufio.NewScanner(plan)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var planned exchange
		if err := json.Unmarshal(lines.Bytes(), &planned); err != nil {
			panic(err)
		}
		queue <- planned
	}
	close(queue)
	workers.Wait()
}
