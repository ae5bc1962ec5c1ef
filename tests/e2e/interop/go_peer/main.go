// A WebSocket peer for the interoperation tests, with github.com/coder/websocket: sends what a file holds, as server or client.
//
//	interop-go serve FILE [CERTIFICATE KEY]
//	interop-go dial URL FILE [AUTHORITY]
package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"

	"github.com/coder/websocket"
)

// The first byte of each entry of the file; see traffic.py.
const (
	final = 1
	ping  = 2
)

type entry struct {
	kind    byte
	payload []byte
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func report(what map[string]int) {
	check(json.NewEncoder(os.Stdout).Encode(what))
}

func next(file *bufio.Reader) (entry, error) {
	head := make([]byte, 5)
	if _, err := io.ReadFull(file, head); err != nil {
		return entry{}, err
	}
	payload := make([]byte, binary.BigEndian.Uint32(head[1:]))
	_, err := io.ReadFull(file, payload)
	return entry{head[0], payload}, err
}

// One frame for each Write, and an empty one at Close.
func sendFragments(peer *websocket.Conn, file *bufio.Reader, first entry) error {
	writer, err := peer.Writer(context.Background(), websocket.MessageText)
	for one := first; err == nil; one, err = next(file) {
		if _, err = writer.Write(one.payload); err != nil {
			break
		}
		if one.kind == final {
			return writer.Close()
		}
	}
	return err
}

func send(peer *websocket.Conn, path string) (pongs int, err error) {
	opened, err := os.Open(path)
	check(err)
	file := bufio.NewReaderSize(opened, 1<<20)
	for {
		one, err := next(file)
		switch {
		case errors.Is(err, io.EOF):
			return pongs, nil
		case err != nil:
			return pongs, err
		case one.kind == ping:
			err = peer.Ping(context.Background()) // returns when the pong has come
			pongs++
		case one.kind == final:
			err = peer.Write(context.Background(), websocket.MessageText, one.payload)
		default:
			err = sendFragments(peer, file, one)
		}
		if err != nil {
			return pongs, err
		}
	}
}

// Sends all, closes, and tells how it ended.
func talk(peer *websocket.Conn, path string) {
	// Somebody must read, for pongs and the close frame.
	read := peer.CloseRead(context.Background())
	pongs, err := send(peer, path)
	check(err)
	// An error, unless the same code comes back.
	check(peer.Close(websocket.StatusNormalClosure, "done"))
	<-read.Done()
	report(map[string]int{"close": 1000, "pongs": pongs})
}

func serve(path string, material []string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	report(map[string]int{"port": listener.Addr().(*net.TCPAddr).Port})
	over := make(chan struct{})
	handler := http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		peer, err := websocket.Accept(answer, request, nil)
		check(err)
		talk(peer, path)
		close(over)
	})
	go func() {
		if len(material) == 2 {
			check(http.ServeTLS(listener, handler, material[0], material[1]))
		}
		check(http.Serve(listener, handler))
	}()
	<-over
}

func dial(url, path string, authority []string) {
	options := &websocket.DialOptions{}
	if len(authority) == 1 {
		text, err := os.ReadFile(authority[0])
		check(err)
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(text)
		options.HTTPClient = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	}
	peer, _, err := websocket.Dial(context.Background(), url, options)
	check(err)
	talk(peer, path)
}

func main() {
	if os.Args[1] == "serve" {
		serve(os.Args[2], os.Args[3:])
	} else {
		dial(os.Args[2], os.Args[3], os.Args[4:])
	}
}
